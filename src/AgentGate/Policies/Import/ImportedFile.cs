using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace AgentGate.Policies.Import;

/// <summary>Reads a file strictly: bounded, no duplicate members, every string Unicode, so that nothing after it can trip.</summary>
internal static class ImportedFile
{
    /// <summary>The most bytes of a file: no more than a version of the policies may have.</summary>
    public const int BytesMax = 1024 * 1024;

    private const int DepthMax = 32;

    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = DepthMax };

    /// <exception cref="PolicyImportException">It is not strict JSON, or too large.</exception>
    public static JsonElement Read(ReadOnlyMemory<byte> utf8)
    {
        if (utf8.Length > BytesMax)
        {
            throw Refused("the file has more than 1 MiB; import it in parts");
        }

        // A byte-order mark is what editors leave in such files; it says nothing.
        utf8 = utf8.Span.StartsWith("\uFEFF"u8) ? utf8[3..] : utf8;
        try
        {
            using var document = JsonDocument.Parse(utf8, Strict);
            Check(document.RootElement);
            return document.RootElement.Clone();
        }
        catch (JsonException fault)
        {
            var place = fault.LineNumber is { } line ? $" near line {line + 1}, byte {fault.BytePositionInLine + 1}" : "";
            throw Refused($"it is not strict JSON{place}: a duplicate member, a trailing comma, or nested too deep");
        }
        catch (InvalidOperationException)
        {
            throw Refused("a string in it is no Unicode text");
        }
    }

    /// <summary>The text of a member; empty where it is missing, <see langword="null"/> where it is something else than text.</summary>
    public static string? Text(JsonElement rule, string member)
        => !rule.TryGetProperty(member, out var value) || value.ValueKind == JsonValueKind.Null ? ""
            : value.ValueKind == JsonValueKind.String ? value.GetString()
            : null;

    public static PolicyImportException Refused(string message, string source = "file") => new([new ImportProblem(source, message)]);

    /// <summary>The rule as a reader of the translation sees it: without blanks, cut where it is long.</summary>
    public static string Show(JsonElement rule)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, Readable))
        {
            rule.WriteTo(writer);
        }

        var text = Encoding.UTF8.GetString(buffer.WrittenSpan);
        return text.Length <= 2_000 ? text : text[..(char.IsHighSurrogate(text[1_998]) ? 1_998 : 1_999)] + "…";
    }

    /// <summary>Decodes every string once: one that cannot be decoded throws here.</summary>
    private static void Check(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.String:
                _ = element.GetString();
                break;
            case JsonValueKind.Array:
                foreach (var item in element.EnumerateArray())
                {
                    Check(item);
                }

                break;
            case JsonValueKind.Object:
                foreach (var member in element.EnumerateObject())
                {
                    _ = member.Name;
                    Check(member.Value);
                }

                break;
        }
    }
}
