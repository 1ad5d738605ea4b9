namespace AgentGate.Kernel.Certificates;

/// <summary>What a safety node says about one request, before it is signed (docs/formats/bundle.md, "Votes"). Immutable.</summary>
public sealed record Vote
{
    /// <summary>Who votes.</summary>
    public required string NodeId { get; init; }

    /// <summary>The decision that the vote is for, a UUIDv7: a vote counts for no other.</summary>
    public required string DecisionId { get; init; }

    /// <summary>The hash of α, lower-case hex.</summary>
    public required string AlphaHash { get; init; }

    /// <summary>The hash of Γ, lower-case hex.</summary>
    public required string GammaHash { get; init; }

    /// <summary>The hash of the theorem, lower-case hex.</summary>
    public required string TheoremHash { get; init; }

    /// <summary>Whether the node found that everything but the votes themselves holds.</summary>
    public required bool IsYes { get; init; }

    /// <summary>One of <see cref="VoteReasons"/>, or for a no the name of the first failing predicate.</summary>
    public required string Reason { get; init; }

    /// <summary>When (UTC, whole milliseconds).</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>16 random bytes of the node, lower-case hex: no two of its votes are the same bytes.</summary>
    public required string Nonce { get; init; }
}
