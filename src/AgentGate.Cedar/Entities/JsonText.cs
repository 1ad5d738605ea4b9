using System.Globalization;
using System.Text;
using System.Text.Json;
using AgentGate.Cedar.Syntax;

namespace AgentGate.Cedar.Entities;

/// <summary>A JSON document as bytes: turns a place into a message with path, line and snippet. The work is done only for messages.</summary>
/// <param name="utf8">The document.</param>
/// <param name="toError">Makes the error of the stage that reads it.</param>
internal sealed class JsonText(ReadOnlyMemory<byte> utf8, Func<CedarDiagnostic, CedarException> toError)
{
    /// <summary>The bytes.</summary>
    public ReadOnlySpan<byte> Bytes => utf8.Span;

    /// <summary>An error with one message.</summary>
    public CedarException Error(int offset, string message, string? help = null) => toError(At(offset, message, help));

    /// <summary>A message at the value or property name that starts at an offset.</summary>
    public CedarDiagnostic At(int offset, string message, string? help = null)
    {
        if (offset < 0 || offset > utf8.Length)
        {
            return new CedarDiagnostic(message) { Help = help };
        }

        // Invalid bytes become replacement characters, which keeps a message possible.
        var text = Encoding.UTF8.GetString(Bytes);
        var at = Encoding.UTF8.GetCharCount(Bytes[..offset]);
        return CedarDiagnostic.At(text, new SourceSpan(Math.Min(at, text.Length), 1), message, help) with { Path = PathTo(offset) };
    }

    /// <summary>The path of the token at an offset, as in <c>[3].attrs.age</c>; <see langword="null"/> at the top.</summary>
    private string? PathTo(int offset)
    {
        var steps = new Stack<(string? Name, int Index)>();
        var reader = new Utf8JsonReader(Bytes, new JsonReaderOptions { MaxDepth = CedarLimits.MaxJsonDepth });
        string? name = null;
        try
        {
            while (reader.Read() && reader.TokenStartIndex <= offset)
            {
                switch (reader.TokenType)
                {
                    case JsonTokenType.PropertyName:
                        name = reader.GetString();
                        break;
                    case JsonTokenType.EndArray or JsonTokenType.EndObject:
                        steps.Pop();
                        break;
                    default:
                        Count(steps);
                        if (reader.TokenType is JsonTokenType.StartArray or JsonTokenType.StartObject)
                        {
                            if (reader.TokenStartIndex == offset)
                            {
                                return Write(steps, name);
                            }

                            steps.Push((name, reader.TokenType == JsonTokenType.StartArray ? -1 : int.MinValue));
                            name = null;
                        }

                        break;
                }

                if (reader.TokenStartIndex == offset)
                {
                    break;
                }

                name = reader.TokenType == JsonTokenType.PropertyName ? name : null;
            }
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // The path ends where the document stops being JSON.
        }

        return Write(steps, name);
    }

    /// <summary>Counts an element of the innermost array.</summary>
    private static void Count(Stack<(string? Name, int Index)> steps)
    {
        if (steps.TryPeek(out var top) && top.Index != int.MinValue)
        {
            steps.Pop();
            steps.Push((top.Name, top.Index + 1));
        }
    }

    private static string? Write(Stack<(string? Name, int Index)> steps, string? last)
    {
        var builder = new StringBuilder();
        foreach (var (name, index) in steps.Reverse().Append((last, int.MinValue)))
        {
            if (name is not null)
            {
                builder.Append(builder.Length == 0 ? "" : ".").Append(CedarText.Show(name));
            }

            if (index >= 0)
            {
                builder.Append(CultureInfo.InvariantCulture, $"[{index}]");
            }
        }

        return builder.Length == 0 ? null : builder.ToString();
    }
}
