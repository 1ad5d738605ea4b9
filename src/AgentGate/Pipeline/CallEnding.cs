using System.Collections.Immutable;
using AgentGate.Kernel.Decisions;

namespace AgentGate.Pipeline;

/// <summary>How a call ended, as far as its cost is concerned.</summary>
/// <param name="Kind">The sort of ending.</param>
/// <param name="Usage">What the provider reported, as far as it came.</param>
/// <param name="Answer">The whole answer, when there is one.</param>
internal readonly record struct CallEnding(CallEndingKind Kind, Usage? Usage = null, CallContent? Answer = null);

/// <summary>The sorts of endings.</summary>
internal enum CallEndingKind
{
    /// <summary>The effect did not run, or the other side refused before it began: nothing was consumed.</summary>
    Nothing,

    /// <summary>The answer is complete.</summary>
    Answered,

    /// <summary>The effect failed, was cut off or abandoned: the other side may have consumed anything up to what was allowed.</summary>
    Unfinished,
}

/// <summary>What a settlement gives back to the gate.</summary>
/// <param name="Usage">The usage with its cost, for the outcome.</param>
/// <param name="Charged">What each budget is charged in place of its reservation.</param>
internal readonly record struct CallSettlement(Usage? Usage, ImmutableArray<BudgetPosting> Charged);
