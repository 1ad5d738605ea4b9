using System.Buffers;
using System.Text;
using System.Text.Json;
using AgentGate.Kernel.Canonical;
using AgentGate.Pipeline;

namespace AgentGate.Certificates;

/// <summary>Puts together what a stranger needs to verify a certificate offline (docs/formats/bundle.md). Thread-safe.</summary>
internal sealed class BundleBuilder(ICertificateStore certificates, ILogProofs proofs)
{
    private const int Version = 1;

    /// <summary>The bundle of a certificate, canonical JSON.</summary>
    /// <returns>The bytes, or <see langword="null"/> where no checkpoint covers the entry yet.</returns>
    /// <exception cref="EvidenceException">Stored evidence was changed, moved, or encrypted under another master key.</exception>
    public async ValueTask<byte[]?> BuildAsync(StoredCertificate certificate, CancellationToken cancellationToken)
    {
        var evidence = await certificates.ReadEvidenceAsync(certificate, cancellationToken);
        return await proofs.ProveAsync(certificate.Tenant, certificate.Seq, cancellationToken) is { } proof
            ? CanonicalJson.Canonicalize(Write(certificate, evidence, proof))
            : null;
    }

    private static ReadOnlySpan<byte> Write(StoredCertificate certificate, StoredEvidence evidence, LogProof proof)
    {
        var output = new ArrayBufferWriter<byte>(64 * 1024);
        using (var json = new Utf8JsonWriter(output))
        {
            json.WriteStartObject();
            json.WriteNumber("version", Version);
            json.WritePropertyName("certificate");
            json.WriteRawValue(certificate.ToJson());
            Raw(json, "alpha", evidence.Alpha);
            Raw(json, "gamma", evidence.Gamma);
            Raw(json, "settings", evidence.Settings);
            Raw(json, "policies", evidence.Policies);
            if (evidence.IsErased)
            {
                json.WriteBoolean("erased", true);
            }

            WriteFacts(json, evidence.Facts);
            json.WriteStartObject("entry");
            json.WriteNumber("index", proof.Index);
            json.WriteString("json", Encoding.UTF8.GetString(proof.Entry.Span));
            json.WriteStartArray("proof");
            foreach (var hash in proof.Path)
            {
                json.WriteStringValue(Convert.ToHexStringLower(hash.Span));
            }

            json.WriteEndArray();
            json.WriteEndObject();
            json.WriteString("checkpoint", proof.Checkpoint);
            json.WriteEndObject();
        }

        return output.WrittenSpan;
    }

    /// <summary>The members grants, revocations and votes, as far as the decision rests on any.</summary>
    private static void WriteFacts(Utf8JsonWriter json, ReadOnlyMemory<byte> facts)
    {
        if (facts.IsEmpty)
        {
            return;
        }

        using var document = JsonDocument.Parse(facts);
        foreach (var member in document.RootElement.EnumerateObject())
        {
            member.WriteTo(json);
        }
    }

    private static void Raw(Utf8JsonWriter json, string name, ReadOnlyMemory<byte> value)
    {
        if (!value.IsEmpty)
        {
            json.WritePropertyName(name);
            json.WriteRawValue(value.Span);
        }
    }
}
