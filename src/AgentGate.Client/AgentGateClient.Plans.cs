using AgentGate.Client.Plans;

namespace AgentGate.Client;

/// <content>Plans and questions: what would be admissible.</content>
public sealed partial class AgentGateClient
{
    /// <summary>Has a plan verified before its first step. Needs <c>admissibility:evaluate</c>.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    /// <returns>Whether it is safe. A plan over its bound is refused with an exception, never shortened.</returns>
    /// <exception cref="AgentGateApiException">The server refused.</exception>
    public Task<PlanResponse> VerifyPlanAsync(PlanRequest plan, CancellationToken cancellationToken = default)
        => SendAsync(
            HttpMethod.Post, Path("api/security/counterfactual/verify"), plan, AgentGateJson.Default.PlanRequest, AgentGateJson.Default.PlanResponse, cancellationToken);

    /// <summary>Asks whether something would be admissible now. Needs <c>admissibility:evaluate</c>.</summary>
    /// <param name="question">The question.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    /// <returns>Its certificate.</returns>
    /// <exception cref="AgentGateApiException">It would not be (403), or the server refused.</exception>
    public Task<AdmissibilityResponse> EvaluateAdmissibilityAsync(AdmissibilityRequest question, CancellationToken cancellationToken = default)
        => SendAsync(
            HttpMethod.Post, Path("api/security/admissibility/evaluate"),
            question, AgentGateJson.Default.AdmissibilityRequest, AgentGateJson.Default.AdmissibilityResponse, cancellationToken);

    /// <summary>Reads what decisions rest on now. Needs <c>admissibility:evaluate</c>.</summary>
    /// <param name="cancellationToken">Cancels the request.</param>
    /// <exception cref="AgentGateApiException">The server refused.</exception>
    public Task<AdmissibilityStatus> ReadAdmissibilityStatusAsync(CancellationToken cancellationToken = default)
        => GetAsync(Path("api/security/admissibility/runtime-status"), AgentGateJson.Default.AdmissibilityStatus, cancellationToken);
}
