using System.Text.Json;
using AgentGate.Kernel.Signing;
using AgentGate.Kernel.Transparency;
using AgentGate.Pipeline;

namespace AgentGate.Audit;

/// <summary>What an installation publishes of its keys (docs/formats/bundle.md, "The keys"). Pure and thread-safe.</summary>
internal static class KeySetDocument
{
    /// <summary>The key set: every key that ever signed, with what it may sign.</summary>
    /// <returns>UTF-8 JSON.</returns>
    public static byte[] Write(ISigningKeys keys)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            using var plain = JsonDocument.Parse(JsonWebKeys.Write(keys.All));
            json.WriteStartObject();
            json.WriteStartArray("keys"u8);
            foreach (var key in plain.RootElement.GetProperty("keys"u8).EnumerateArray())
            {
                json.WriteStartObject();
                foreach (var member in key.EnumerateObject())
                {
                    member.WriteTo(json);
                }

                json.WriteStartObject("agentgate"u8);
                json.WriteStartArray("role"u8);
                json.WriteStringValue("certificates"u8);
                json.WriteStringValue("checkpoints"u8);
                json.WriteStringValue("grants"u8);
                json.WriteEndArray();
                json.WriteString("name"u8, keys.Name);
                json.WriteEndObject();
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return buffer.ToArray();
    }

    /// <summary>The verifier keys of the checkpoints (C2SP <c>signed-note</c>), one a line, the one that signs now first.</summary>
    public static string VerifierKeys(ISigningKeys keys)
        => string.Concat(keys.All.Select(key => NoteKey.ForLog(keys.Name, key) + "\n"));
}
