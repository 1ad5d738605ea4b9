using System.Text.Json;
using AgentGate.Kernel.Canonical;

namespace AgentGate.Kernel.Certificates;

/// <summary>Certificates as JSON (docs/formats/certificate.md). Pure and thread-safe.</summary>
public static class CertificateJson
{
    /// <summary>The most bytes a certificate is read with: 4 MiB.</summary>
    public const int LengthMax = 4 * 1024 * 1024;

    /// <summary>The whole certificate: the body with signature, key and place in the log.</summary>
    /// <param name="body">The body's canonical bytes.</param>
    /// <param name="seal">What its batch gave it.</param>
    /// <returns>Canonical JSON.</returns>
    /// <exception cref="FormatException">The bytes are not a body.</exception>
    public static byte[] Write(ReadOnlySpan<byte> body, CertificateSeal seal)
    {
        ArgumentNullException.ThrowIfNull(seal);

        // INVARIANT: in canonical order `key_id` and `log` stand before `mode`, `signature` before `solver_version`.
        var (mode, solver) = (StartOf(body, "mode"u8), StartOf(body, "solver_version"u8));
        var output = new CanonicalBuffer(body.Length + 512 + (80 * seal.Path.Length));
        output.Write(body[..mode]);
        output.Write("\"key_id\":"u8);
        CanonicalText.Write(output, seal.KeyId);
        output.Write(",\"log\":"u8);
        var json = new CanonicalWriter(output);
        json.BeginObject();
        json.Name("\"index\":"u8);
        json.Number(seal.LogIndex);
        json.Name("\"origin\":"u8);
        json.Text(seal.Origin);
        json.EndObject();
        output.Write(","u8);
        output.Write(body[mode..solver]);
        output.Write("\"signature\":"u8);
        WriteSignature(output, seal);
        output.Write(","u8);
        output.Write(body[solver..]);
        return output.Written.ToArray();
    }

    /// <summary>Reads a certificate with its seal. Its layout and the order of its members do not count.</summary>
    /// <param name="utf8Json">The certificate, at most <see cref="LengthMax"/> bytes.</param>
    /// <exception cref="FormatException">It is not a certificate: the message names the member and never repeats content.</exception>
    public static DecisionCertificate Parse(ReadOnlySpan<byte> utf8Json)
    {
        if (utf8Json.Length > LengthMax)
        {
            throw new FormatException($"A certificate has at most {LengthMax} bytes; this one has {utf8Json.Length}.");
        }

        using var document = StrictJson.Parse(utf8Json);
        return CertificateReader.Read(document.Root("certificate"));
    }

    private static void WriteSignature(CanonicalBuffer output, CertificateSeal seal)
    {
        var json = new CanonicalWriter(output);
        json.BeginObject();
        json.Name("\"alg\":"u8);
        json.Text(seal.Algorithm);
        json.Name("\"batch_size\":"u8);
        json.Number(seal.BatchSize);
        json.Name("\"index\":"u8);
        json.Number(seal.Index);
        json.Name("\"key_id\":"u8);
        json.Text(seal.KeyId);
        json.Name("\"path\":"u8);
        json.BeginArray();
        foreach (var hash in seal.Path)
        {
            json.Text(Convert.ToHexStringLower(hash.Span));
        }

        json.EndArray();
        json.Name("\"value\":"u8);
        json.Text(Convert.ToBase64String(seal.Value.Span));
        json.EndObject();
    }

    private static int StartOf(ReadOnlySpan<byte> body, ReadOnlySpan<byte> name)
    {
        try
        {
            var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = CanonicalJson.MaxDepth });
            reader.Read();
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                if (reader.ValueTextEquals(name))
                {
                    return (int)reader.TokenStartIndex;
                }

                reader.Skip();
            }
        }
        catch (JsonException exception)
        {
            throw new FormatException("The bytes are not the body of a certificate.", exception);
        }

        throw new FormatException("The bytes are not the body of a certificate.");
    }
}
