using System.Collections.Immutable;

namespace AgentGate.Transactions;

/// <summary>What became of every step of a transaction that was rolled back, in the order they were undone: the last one first. Immutable.</summary>
/// <param name="TransactionId">The transaction.</param>
/// <param name="Name">Its name, if it has one.</param>
/// <param name="Steps">Its steps, those of committed transactions inside it included.</param>
public sealed record TransactionReport(string TransactionId, string? Name, ImmutableArray<StepReport> Steps)
{
    /// <summary>Whether nothing is left to undo.</summary>
    public bool IsComplete => Steps.All(step => step.IsUndone);

    /// <summary>Whether it was resumed after the process that began the transaction had gone.</summary>
    public bool WasResumed { get; init; }
}
