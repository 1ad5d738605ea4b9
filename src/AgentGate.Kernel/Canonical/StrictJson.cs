using System.Text.Json;

namespace AgentGate.Kernel.Canonical;

/// <summary>
/// A document read as docs/formats/certificate.md demands: UTF-8 without a mark, no member twice, no lone surrogate, bounded nesting,
/// numbers written with digits alone, nothing after the end. What it holds is in canonical form.
/// </summary>
internal sealed class StrictJson : IDisposable
{
    private readonly JsonDocument _document;

    private StrictJson(byte[] canonical, JsonDocument document) => (Canonical, _document) = (canonical, document);

    /// <summary>The canonical form of the whole document.</summary>
    public ReadOnlyMemory<byte> Canonical { get; }

    /// <summary>Reads a document.</summary>
    /// <exception cref="FormatException">It is not such a document.</exception>
    public static StrictJson Parse(ReadOnlySpan<byte> utf8Json)
    {
        CheckNumbers(utf8Json);
        var canonical = CanonicalJson.Canonicalize(utf8Json);
        return new StrictJson(canonical, JsonDocument.Parse(canonical, new JsonDocumentOptions { MaxDepth = CanonicalJson.MaxDepth }));
    }

    /// <summary>The document's root.</summary>
    /// <param name="name">What messages call it.</param>
    public StrictElement Root(string name) => new(_document.RootElement, name);

    public void Dispose() => _document.Dispose();

    /// <summary>How a number was written is lost in the canonical form; <c>1.0</c> and <c>1e2</c> are refused before.</summary>
    private static void CheckNumbers(ReadOnlySpan<byte> utf8Json)
    {
        var reader = new Utf8JsonReader(utf8Json, new JsonReaderOptions { MaxDepth = CanonicalJson.MaxDepth });
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType == JsonTokenType.Null)
                {
                    throw new CanonicalJsonException("There is a null; what is absent is left out", reader.TokenStartIndex);
                }

                if (reader.TokenType == JsonTokenType.Number
                    && (reader.ValueSpan.ContainsAny((byte)'.', (byte)'e', (byte)'E') || reader.ValueSpan.SequenceEqual("-0"u8)
                        || !reader.TryGetInt64(out var number) || number is < -CanonicalNumber.MaxExact or > CanonicalNumber.MaxExact))
                {
                    throw new CanonicalJsonException("A number is no integer within ±(2^53 - 1) written with digits alone", reader.TokenStartIndex);
                }
            }
        }
        catch (JsonException exception)
        {
            throw new CanonicalJsonException("Not valid JSON", reader.BytesConsumed, exception);
        }
    }
}
