namespace AgentGate.Transactions;

/// <summary>A step as it is stored. Immutable. What it got and gave is encrypted at rest.</summary>
internal sealed record StoredStep
{
    public required string CallId { get; init; }

    /// <summary>The transaction it belongs to: the one it was made in, or the one that one was committed into.</summary>
    public required string TransactionId { get; init; }

    public required string RootId { get; init; }

    public required string Tenant { get; init; }

    public required string Principal { get; init; }

    /// <summary>The grant the principal acted under; its compensation acts under the same.</summary>
    public string? Delegation { get; init; }

    /// <summary>Its place among all steps of the outermost transaction. They are undone from the last one.</summary>
    public required long Seq { get; init; }

    public required string Tool { get; init; }

    /// <summary>The name of its compensation, if it has one.</summary>
    public string? Compensation { get; init; }

    public StepState State { get; init; }

    /// <summary>What a rollback did about it, once it did.</summary>
    public StepEnding? Ending { get; init; }

    /// <summary>The code of a refusal.</summary>
    public string? Code { get; init; }

    /// <summary>The call of its compensation.</summary>
    public string? CompensationCallId { get; init; }

    public int Tries { get; init; }

    public required DateTimeOffset BegunAt { get; init; }

    /// <summary>What the tool got: a JSON object of its arguments. <see langword="null"/> where it is deleted or cannot be read.</summary>
    public ReadOnlyMemory<byte>? Input { get; init; }

    /// <summary>What the tool gave, as JSON.</summary>
    public ReadOnlyMemory<byte>? Output { get; init; }
}
