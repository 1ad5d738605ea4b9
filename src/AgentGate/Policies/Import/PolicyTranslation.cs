using System.Collections.Immutable;
using AgentGate.Cedar.Syntax;

namespace AgentGate.Policies.Import;

/// <summary>What an imported file became, rule by rule, for a person to compare.</summary>
internal sealed record PolicyTranslation
{
    /// <summary>Which of the published shapes the file has: <c>pre_rules</c> or <c>rules</c>.</summary>
    public required string Shape { get; init; }

    /// <summary>The policies, each with its id as annotation.</summary>
    public required PolicySet Policies { get; init; }

    /// <summary>The policies in Cedar syntax, formatted: what can be stored as a draft.</summary>
    public required string Text { get; init; }

    /// <summary>One entry per rule of the file, in its order.</summary>
    public required ImmutableArray<TranslatedRule> Rules { get; init; }

    /// <summary>What concerns the whole file.</summary>
    public required ImmutableArray<string> Notes { get; init; }
}

/// <summary>One rule of the file, and what it became.</summary>
/// <param name="Source">Where it stands in the file, for example <c>pre_rules[2]</c>.</param>
/// <param name="Rule">The rule as it stands there, JSON.</param>
/// <param name="Policies">The policies in Cedar syntax; empty for a rule that says nothing.</param>
/// <param name="Notes">What a reader must know: what differs from 1.0, or cannot be said.</param>
internal sealed record TranslatedRule(string Source, string Rule, ImmutableArray<string> Policies, ImmutableArray<string> Notes);
