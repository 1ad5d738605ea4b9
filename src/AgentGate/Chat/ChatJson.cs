using System.Text.Json.Serialization;

namespace AgentGate.Chat;

/// <summary>Source-generated JSON of the doors.</summary>
[JsonSerializable(typeof(string))]
internal sealed partial class ChatJson : JsonSerializerContext;
