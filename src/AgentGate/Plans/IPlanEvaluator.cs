using AgentGate.Kernel.Decisions;
using AgentGate.Kernel.Plans;

namespace AgentGate.Plans;

/// <summary>Verifies plans and puts what was found on record. Thread-safe.</summary>
internal interface IPlanEvaluator
{
    /// <summary>Verifies a plan.</summary>
    /// <param name="principal">Who would act.</param>
    /// <param name="context">The attested circumstances; facts and delegation come from the steps.</param>
    /// <param name="steps">The steps.</param>
    /// <param name="tier">What bounds it.</param>
    /// <param name="cancellationToken">Cancels waiting.</param>
    /// <exception cref="PlanRefusedException">The plan is not verified at all.</exception>
    ValueTask<PlanVerification> VerifyAsync(
        Principal principal, CallContext context, IReadOnlyList<PlanStep> steps, PlanTier tier, CancellationToken cancellationToken);
}
