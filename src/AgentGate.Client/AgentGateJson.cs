using System.Text.Json.Serialization;
using AgentGate.Client.Audit;
using AgentGate.Client.Traces;

namespace AgentGate.Client;

/// <summary>The wire format of the server's own API: JSON with snake_case names, absent members left out.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(AuditPage))]
[JsonSerializable(typeof(ChainVerificationResult))]
[JsonSerializable(typeof(TraceList))]
[JsonSerializable(typeof(TraceDetail))]
[JsonSerializable(typeof(ProblemDocument))]
public sealed partial class AgentGateJson : JsonSerializerContext;
