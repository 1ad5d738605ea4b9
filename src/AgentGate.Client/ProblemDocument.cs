using AgentGate.Client.Policies;

namespace AgentGate.Client;

/// <summary>An error of the server (RFC 9457).</summary>
public sealed record ProblemDocument
{
    /// <summary>The HTTP status.</summary>
    public int? Status { get; init; }

    /// <summary>What is wrong, in short.</summary>
    public string? Title { get; init; }

    /// <summary>What is wrong and what to do.</summary>
    public string? Detail { get; init; }

    /// <summary>The stable <c>AG####</c> code.</summary>
    public string? Code { get; init; }

    /// <summary>The parameter or member that is wrong.</summary>
    public string? Field { get; init; }

    /// <summary>The word for the rule that refused, where a rule with a word did (grants).</summary>
    public string? Reason { get; init; }

    /// <summary>What is wrong with a text of policies, where that is the reason.</summary>
    public IReadOnlyList<PolicyFindingEntry>? Findings { get; init; }

    /// <summary>The policies that decided, by their ids, where policies did.</summary>
    public IReadOnlyList<string>? Policies { get; init; }
}
