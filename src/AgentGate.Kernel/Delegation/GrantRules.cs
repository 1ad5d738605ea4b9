using System.Buffers;
using System.Collections.Immutable;
using AgentGate.Cedar.Entities;
using AgentGate.Kernel.Admissibility;

namespace AgentGate.Kernel.Delegation;

/// <summary>
/// What a grant must be by itself, apart from any chain. What is read must have the format; what is issued must also keep within
/// limits, so that a grant stays small and cannot mean something else than it seems to. Pure and thread-safe.
/// </summary>
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

    /// <summary>Finds the first member with which a grant is not issued.</summary>
    /// <param name="grant">The grant.</param>
    /// <returns>The member's name and what is wrong with it, or <see langword="null"/> where nothing is.</returns>
    public static (string Member, string Problem)? Fault(Grant grant)
    {
        ArgumentNullException.ThrowIfNull(grant);
        return FormatFault(grant)
            ?? (!GrantText.IsName(grant.Tenant) ? ("tenant", NameProblem)
                : !GrantText.IsName(grant.Principal) ? ("principal", NameProblem)
                : !GrantText.IsName(grant.Delegate) ? ("delegate", NameProblem)
                : grant.Actions.Length > WordsMax ? ("actions", $"has at most {WordsMax} actions")
                : grant.Actions is not ["*"] && !grant.Actions.All(GrantText.IsAction) ? ("actions", "has ids of actions, or `*` alone")
                : grant.ResourceScope.Length > ScopesMax ? ("resource_scope", $"has at most {ScopesMax} scopes")
                : !grant.ResourceScope.All(GrantText.IsScope)
                    ? ("resource_scope", $"has scopes of at most {GrantText.ScopeMax} characters, without control characters and without `.` and `..` between slashes")
                : grant.Constraints.Doors is { } doors && (doors.Length is 0 or > WordsMax || !doors.All(GrantText.IsName))
                    ? ("constraints.doors", $"has 1 to {WordsMax} names of doors, or is absent")
                : grant.Constraints.SourceNetworks is { } networks
                    && (networks.Length is 0 or > WordsMax || !networks.All(static text => CedarIpAddress.TryParse(text, out _)))
                    ? ("constraints.source_networks", $"has 1 to {WordsMax} addresses or networks like `10.0.0.0/8`, or is absent")
                : null);
    }

    /// <summary>Finds the first member that is not as docs/formats/delegation.md says.</summary>
    internal static (string Member, string Problem)? FormatFault(Grant grant)
        => !IsId(grant.Id) ? ("id", "is `g_` and 32 hex digits")
            : !AreSorted(grant.Actions) || grant.Actions.IsEmpty || (grant.Actions.Length > 1 && grant.Actions.Contains("*"))
                ? ("actions", "has at least one action, sorted, each once; `*` stands alone")
            : !AreSorted(grant.ResourceScope) || grant.ResourceScope.IsEmpty || !grant.ResourceScope.All(static text => GrantScope.TryParse(text, out _))
                ? ("resource_scope", "has at least one scope, sorted, each once: `*`, or a type and a pattern like `Tool:crm/*`")
            : !AreSorted(grant.Obligations) || !grant.Obligations.All(static text => Obligations.All.Contains(text, StringComparer.Ordinal))
                ? ("obligations", $"has some of {string.Join(", ", Obligations.All)}, sorted, each once")
            : grant.Constraints.Doors is { } doors && !AreSorted(doors) ? ("constraints.doors", "is sorted, each name once")
            : grant.Constraints.SourceNetworks is { } networks && !AreSorted(networks) ? ("constraints.source_networks", "is sorted, each network once")
            : grant.Constraints.ByModel is true ? ("constraints.by_model", "is `false`, or absent")
            : grant.ParentId is not null && !IsId(grant.ParentId) ? ("parent_id", "is `g_` and 32 hex digits, or absent")
            : !IsWhole(grant.IssuedAt) ? ("issued_at", "has whole milliseconds")
            : !IsWhole(grant.ExpiresAt) || grant.ExpiresAt <= grant.IssuedAt ? ("expires_at", "has whole milliseconds and is after `issued_at`")
            : null;

    private static string NameProblem => $"has 1 to {GrantText.NameMax} characters, none of them a control character";

    private static bool AreSorted(ImmutableArray<string> texts)
    {
        if (texts.IsDefault || texts.Any(static text => text is null))
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
