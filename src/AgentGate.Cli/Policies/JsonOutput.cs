using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using AgentGate.Cedar.Syntax;

namespace AgentGate.Cli.Policies;

/// <summary>Results as JSON, indented, one document and a line end.</summary>
internal static class JsonOutput
{
    // What is printed is read by programs and people, never placed into HTML.
    private static readonly JsonWriterOptions s_options = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = 0 };

    public static void Write(TextWriter output, Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, s_options))
        {
            write(writer);
        }

        output.Write(Encoding.UTF8.GetString(buffer.WrittenSpan));
        output.Write('\n');
    }

    /// <summary>An array of what was found wrong.</summary>
    public static void Write(this Utf8JsonWriter writer, string name, IEnumerable<(string? Kind, CedarDiagnostic Diagnostic)> findings)
    {
        writer.WriteStartArray(name);
        foreach (var (kind, diagnostic) in findings)
        {
            writer.WriteStartObject();
            Text(writer, "kind", kind);
            Text(writer, "policy", diagnostic.PolicyId);
            writer.WriteString("message", diagnostic.Message);
            Text(writer, "help", diagnostic.Help);
            Text(writer, "path", diagnostic.Path);
            if (diagnostic.Line > 0)
            {
                writer.WriteNumber("line", diagnostic.Line);
                writer.WriteNumber("column", diagnostic.Column);
            }

            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    /// <summary>An array of texts.</summary>
    public static void Write(this Utf8JsonWriter writer, string name, IEnumerable<string> values)
    {
        writer.WriteStartArray(name);
        foreach (var value in values)
        {
            writer.WriteStringValue(value);
        }

        writer.WriteEndArray();
    }

    private static void Text(Utf8JsonWriter writer, string name, string? value)
    {
        if (value is not null)
        {
            writer.WriteString(name, value);
        }
    }
}
