using System.Text.Json.Serialization;
using AgentGate.Approvals;

namespace AgentGate.Storage.Approvals;

/// <summary>The stored form of an approval, before it is encrypted.</summary>
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, IgnoreReadOnlyProperties = true)]
[JsonSerializable(typeof(Approval))]
internal sealed partial class ApprovalJson : JsonSerializerContext;
