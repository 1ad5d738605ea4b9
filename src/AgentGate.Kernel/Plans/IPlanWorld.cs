using System.Diagnostics.CodeAnalysis;

namespace AgentGate.Kernel.Plans;

/// <summary>
/// Turns a step into the request that the gate would judge. INVARIANT: the same step in the same state gives the same questions
/// as the live call would.
/// </summary>
public interface IPlanWorld
{
    /// <summary>What the theorem is asked about a step.</summary>
    /// <param name="index">The step's place, from 0.</param>
    /// <param name="step">The step. Action and resource are there.</param>
    /// <param name="state">What holds before it.</param>
    /// <param name="moment">The request, with what is in force.</param>
    /// <param name="fault">Why the gate would refuse the call before it asked a policy; the step is unsafe.</param>
    bool TryAsk(int index, PlanStep step, PlanState state, [NotNullWhen(true)] out PlanMoment? moment, [NotNullWhen(false)] out string? fault);
}
