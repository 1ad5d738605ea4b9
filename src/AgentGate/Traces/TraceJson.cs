using System.Text.Json;
using System.Text.Json.Serialization;
using AgentGate.Pipeline;

namespace AgentGate.Traces;

/// <summary>How traces are stored: JSON with snake_case names.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(CallTrace))]
internal sealed partial class TraceJson : JsonSerializerContext
{
    public static byte[] Write(CallTrace trace) => JsonSerializer.SerializeToUtf8Bytes(trace, Default.CallTrace);

    public static CallTrace Read(ReadOnlySpan<byte> utf8)
        => JsonSerializer.Deserialize(utf8, Default.CallTrace) ?? throw new JsonException("A stored trace is null.");
}
