using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using AgentGate.Client.Audit;
using AgentGate.Client.Budgets;
using AgentGate.Client.Certificates;
using AgentGate.Client.Deception;
using AgentGate.Client.Delegation;
using AgentGate.Client.Plans;
using AgentGate.Client.Policies;
using AgentGate.Client.Traces;

namespace AgentGate.Client;

/// <summary>The wire format of the server's own API: JSON with snake_case names, absent members left out.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(AuditPage))]
[JsonSerializable(typeof(ChainVerificationResult))]
[JsonSerializable(typeof(TransparencyLogPage))]
[JsonSerializable(typeof(TransparencyLogVerifyRequest))]
[JsonSerializable(typeof(TransparencyLogVerification))]
[JsonSerializable(typeof(EvidenceChainResult))]
[JsonSerializable(typeof(TraceList))]
[JsonSerializable(typeof(TraceDetail))]
[JsonSerializable(typeof(BudgetList))]
[JsonSerializable(typeof(PolicyVersionList))]
[JsonSerializable(typeof(PolicyVersionEntry))]
[JsonSerializable(typeof(ActivePolicyEntry))]
[JsonSerializable(typeof(PolicyDraftRequest))]
[JsonSerializable(typeof(PolicyActivationRequest))]
[JsonSerializable(typeof(PolicyActivationResult))]
[JsonSerializable(typeof(PolicyCheckResult))]
[JsonSerializable(typeof(PolicyHistoryPage))]
[JsonSerializable(typeof(PolicyTranslationResult))]
[JsonSerializable(typeof(PolicyFindingEntry[]))]
[JsonSerializable(typeof(CertificateList))]
[JsonSerializable(typeof(CertificateStats))]
[JsonSerializable(typeof(CertificateVerificationRequest))]
[JsonSerializable(typeof(CertificateVerificationResult))]
[JsonSerializable(typeof(EvidenceErasure))]
[JsonSerializable(typeof(AdmissibilityRequest))]
[JsonSerializable(typeof(AdmissibilityResponse))]
[JsonSerializable(typeof(AdmissibilityStatus))]
[JsonSerializable(typeof(PlanRequest))]
[JsonSerializable(typeof(PlanResponse))]
[JsonSerializable(typeof(System.Text.Json.JsonElement))]
[JsonSerializable(typeof(SafetyNodeList))]
[JsonSerializable(typeof(SafetyNodeEntry))]
[JsonSerializable(typeof(SafetyNodeRequest))]
[JsonSerializable(typeof(GrantIssueRequest))]
[JsonSerializable(typeof(GrantEntry))]
[JsonSerializable(typeof(GrantPage))]
[JsonSerializable(typeof(GrantDetail))]
[JsonSerializable(typeof(GrantRevokeRequest))]
[JsonSerializable(typeof(GrantRevokeResult))]
[JsonSerializable(typeof(GrantRevocationPage))]
[JsonSerializable(typeof(HoneyTokenRequest))]
[JsonSerializable(typeof(HoneyTokenEntry))]
[JsonSerializable(typeof(HoneyTokenList))]
[JsonSerializable(typeof(HoneyTriggerList))]
[JsonSerializable(typeof(HoneyClearResult))]
[JsonSerializable(typeof(ProblemDocument))]
public sealed partial class AgentGateJson : JsonSerializerContext
{
    /// <summary>
    /// The same format with characters that JSON allows raw left raw, so that a person reads <c>&lt;SSN_1&gt;</c> and not
    /// its escapes. For <c>application/json</c> answers only, never inside HTML. Thread-safe.
    /// </summary>
    public static AgentGateJson Readable { get; } =
        new(new JsonSerializerOptions
        {
            PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        });
}
