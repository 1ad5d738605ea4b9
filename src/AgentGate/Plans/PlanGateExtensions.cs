using AgentGate.Kernel.Decisions;
using AgentGate.Kernel.Plans;
using AgentGate.Pipeline;

namespace AgentGate.Plans;

/// <summary>Verifies plans before their first step.</summary>
public static class PlanGateExtensions
{
    /// <summary>Verifies a plan: each step is judged as the gate would judge it, in the state that the declared effects of the steps before leave.</summary>
    /// <param name="gate">A gate of a service collection (<c>AddAgentGate</c>).</param>
    /// <param name="principal">Who would act. The process is trusted to know.</param>
    /// <param name="steps">The steps.</param>
    /// <param name="tier">What bounds how many there may be.</param>
    /// <param name="cancellationToken">Cancels waiting.</param>
    /// <returns>Whether it is safe, and where not the first step that is blocked; each evaluated step with its certificate.</returns>
    /// <exception cref="PlanRefusedException">The plan has more steps than its tier allows. It is never shortened.</exception>
    public static ValueTask<PlanVerification> VerifyPlanAsync(
        this Gate gate, Principal principal, IReadOnlyList<PlanStep> steps, PlanTier tier = PlanTier.High, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(gate);
        ArgumentNullException.ThrowIfNull(principal);
        ArgumentNullException.ThrowIfNull(steps);
        var plans = gate.Extension<IPlanEvaluator>() ?? throw new InvalidOperationException("This gate was not made by AddAgentGate, so it verifies no plans.");
        return plans.VerifyAsync(principal, new CallContext { At = gate.Time.GetUtcNow() }, steps, tier, cancellationToken);
    }
}
