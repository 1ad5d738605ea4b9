using System.Buffers;
using System.Collections.Immutable;
using AgentGate.Cedar.Entities;
using AgentGate.Kernel.Admissibility;

namespace AgentGate.Kernel.Delegation;

/// <summary>What a grant must be by itself to be one, apart from any chain. Pure and thread-safe.</summary>
public static class GrantRules
{
    /// <summary>The most actions, doors, networks or obligations of one grant.</summary>
    public const int WordsMax = 64;

    /// <summary>The most scopes of one grant.</summary>
    public const int ScopesMax = 256;

    /// <summary>The most code units of a revocation's reason.</summary>
    public const int ReasonMax = 256;

    private const int IdDigits = 32;

    private static readonly SearchValues<char> s_hex = SearchValues.Create("0123456789abcdef");

    /// <summary>Whether a text is a grant's id: <c>g_</c> and 32 lower-case hex digits.</summary>
    public static bool IsId(string? text)
        => text is { Length: 2 + IdDigits } && text.StartsWith("g_", StringComparison.Ordinal) && text.AsSpan(2).IndexOfAnyExcept(s_hex) < 0;

    /// <summary>Finds the first member that is not as docs/formats/delegation.md says.</summary>
    /// <param name="grant">The grant.</param>
    /// <returns>The member's name and what is wrong with it, or <see langword="null"/> where nothing is.</returns>
    public static (string Member, string Problem)? Fault(Grant grant)
    {
        ArgumentNullException.ThrowIfNull(grant);
        return !IsId(grant.Id) ? ("id", "is `g_` and 32 hex digits")
            : !GrantText.IsName(grant.Tenant) ? ("tenant", NameProblem)
            : !GrantText.IsName(grant.Principal) ? ("principal", NameProblem)
            : !GrantText.IsName(grant.Delegate) ? ("delegate", NameProblem)
            : !AreSorted(grant.Actions, 1, WordsMax) ? ("actions", $"has 1 to {WordsMax} actions, sorted, each once")
            : !(grant.Actions is ["*"] || grant.Actions.All(GrantText.IsAction)) ? ("actions", "has actions of the gate, or `*` alone")
            : !AreSorted(grant.ResourceScope, 1, ScopesMax) ? ("resource_scope", $"has 1 to {ScopesMax} scopes, sorted, each once")
            : !grant.ResourceScope.All(static text => GrantScope.TryParse(text, out _))
                ? ("resource_scope", "has scopes: `*`, or a type and a pattern like `Tool:crm/*`, without `.` and `..` segments")
            : !AreSorted(grant.Obligations, 0, WordsMax) || !grant.Obligations.All(static text => Obligations.All.Contains(text, StringComparer.Ordinal))
                ? ("obligations", $"has some of {string.Join(", ", Obligations.All)}, sorted, each once")
            : grant.ParentId is not null && !IsId(grant.ParentId) ? ("parent_id", "is `g_` and 32 hex digits, or absent")
            : !IsWhole(grant.IssuedAt) ? ("issued_at", "has whole milliseconds")
            : !IsWhole(grant.ExpiresAt) ? ("expires_at", "has whole milliseconds")
            : Fault(grant.Constraints);
    }

    /// <summary>Refuses a grant with a fault.</summary>
    internal static void Check(Grant grant)
    {
        if (Fault(grant) is var (member, problem))
        {
            throw new FormatException($"`{member}` of a grant {problem}.");
        }
    }

    private static string NameProblem => $"has 1 to {GrantText.NameMax} characters, none of them a control character";

    private static (string Member, string Problem)? Fault(GrantConstraints constraints)
        => constraints.Doors is { } doors && !(AreSorted(doors, 1, WordsMax) && doors.All(GrantText.IsName))
                ? ("constraints.doors", $"has 1 to {WordsMax} names of doors, sorted, each once")
            : constraints.SourceNetworks is { } networks
                && !(AreSorted(networks, 1, WordsMax) && networks.All(static text => CedarIpAddress.TryParse(text, out _)))
                ? ("constraints.source_networks", $"has 1 to {WordsMax} addresses or networks like `10.0.0.0/8`, sorted, each once")
            : constraints.ByModel is true ? ("constraints.by_model", "is `false`, or absent")
            : null;

    private static bool AreSorted(ImmutableArray<string> texts, int least, int most)
    {
        if (texts.IsDefault || texts.Length < least || texts.Length > most || texts.Any(static text => text is null))
        {
            return false;
        }

        for (var i = 1; i < texts.Length; i++)
        {
            if (string.CompareOrdinal(texts[i - 1], texts[i]) >= 0)
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsWhole(DateTimeOffset time) => time.Ticks % TimeSpan.TicksPerMillisecond == 0;
}
