using System.Buffers;
using System.Text.Json;
using AgentGate.Kernel.Certificates;

namespace AgentGate.Storage.Certificates;

/// <summary>How a certificate's signature and place are kept beside its body: JSON with the names of the certificate. Pure.</summary>
internal static class SealFormat
{
    public static byte[] Write(CertificateSeal seal)
    {
        var output = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(output))
        {
            json.WriteStartObject();
            json.WriteString("alg", seal.Algorithm);
            json.WriteNumber("batch_size", seal.BatchSize);
            json.WriteNumber("index", seal.Index);
            json.WriteString("key_id", seal.KeyId);
            json.WriteNumber("log_index", seal.LogIndex);
            json.WriteString("origin", seal.Origin);
            json.WriteStartArray("path");
            foreach (var hash in seal.Path)
            {
                json.WriteBase64StringValue(hash.Span);
            }

            json.WriteEndArray();
            json.WriteBase64String("value", seal.Value.Span);
            json.WriteEndObject();
        }

        return output.WrittenSpan.ToArray();
    }

    public static CertificateSeal Read(ReadOnlyMemory<byte> utf8)
    {
        using var document = JsonDocument.Parse(utf8);
        var root = document.RootElement;
        return new CertificateSeal(
            root.GetProperty("key_id").GetString()!,
            root.GetProperty("alg").GetString()!,
            root.GetProperty("batch_size").GetInt32(),
            root.GetProperty("index").GetInt32(),
            [.. root.GetProperty("path").EnumerateArray().Select(static hash => new ReadOnlyMemory<byte>(hash.GetBytesFromBase64()))],
            root.GetProperty("value").GetBytesFromBase64(),
            root.GetProperty("origin").GetString()!,
            root.GetProperty("log_index").GetInt64());
    }
}
