using AgentGate.Diagnostics;
using AgentGate.Kernel.Decisions;

namespace AgentGate.Pipeline;

/// <summary>
/// What a server's own record may allow: a call that some guards do not judge, so that a visitor of the playground sees
/// what would have happened. Nobody can ask for it in a request; and what is asked for and not allowed is denied.
/// </summary>
internal static class GuardSkipping
{
    /// <summary>The name under which personal data is guarded: a call that skips it keeps nothing of what it sent.</summary>
    public const string Pii = "Pii";

    /// <summary>The guards that can be skipped at all. Who may, to what, and what no guard can read is always decided.</summary>
    public static IReadOnlyList<string> Names { get; } = ["Limits", "Threats", "Injection", Pii, "Budgets"];

    /// <summary>Whether a guard is skipped in a call.</summary>
    public static bool Skips(this GateCall call, string guard)
        => !call.Context.SkippedGuards.IsDefaultOrEmpty && call.Context.SkippedGuards.Contains(guard, StringComparer.Ordinal);

    /// <summary>Why a call that wants guards skipped is denied, or <see langword="null"/>.</summary>
    public static Denial? Refusal(GateCall call, ISkipRules? rules)
    {
        if (call.Context.SkippedGuards.IsDefaultOrEmpty)
        {
            return null;
        }

        var reason = call.Context.SkippedGuards.FirstOrDefault(guard => !Names.Contains(guard, StringComparer.Ordinal)) is not null
            ? "one of the guards is never skipped"
            : rules is null ? "this server skips no guard" : rules.Refusal(call);
        return reason is null ? null : new Denial(Codes.GuardNotSkippable, $"A guard would be skipped, and must not be: {reason}.", DenialKind.Forbidden);
    }
}

/// <summary>Says for which calls guards may be skipped. Without one, for none.</summary>
internal interface ISkipRules
{
    /// <summary>Why guards may not be skipped in this call, as the end of a sentence, or <see langword="null"/> where they may.</summary>
    string? Refusal(GateCall call);
}
