using System.Collections.Immutable;
using AgentGate.Kernel.Decisions;

namespace AgentGate.Pipeline;

/// <summary>
/// What one call may cost and does cost. A guard leaves it in the call's scope; the gate settles it exactly once,
/// whatever becomes of the call, so that no guard has to be reached for money to be given back.
/// </summary>
/// <remarks>Used by one flow.</remarks>
internal interface ICallCharge
{
    /// <summary>What is reserved; the intent carries it. Empty when no budget applies.</summary>
    ImmutableArray<BudgetPosting> Reserved { get; }

    /// <summary>Sees a piece of a streamed answer, for counting where the provider does not.</summary>
    /// <param name="frame">The frame before any guard.</param>
    void Observe(StreamFrame frame);

    /// <summary>Gives back the reservation and charges what the call cost.</summary>
    /// <param name="ending">How the call ended.</param>
    ValueTask<CallSettlement> SettleAsync(CallEnding ending);

    /// <summary>
    /// The outcome of an effect that ran could not be put on record: what it cost stays charged all the same. Called after
    /// <see cref="SettleAsync"/>; never throws for a store that is away.
    /// </summary>
    ValueTask UnrecordedAsync() => ValueTask.CompletedTask;
}
