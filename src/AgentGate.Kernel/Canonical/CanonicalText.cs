using System.Buffers;
using System.Text;

namespace AgentGate.Kernel.Canonical;

/// <summary>Strings as RFC 8785 §3.2.2.2 writes them: only what must be escaped is, with the short form where there is one.</summary>
internal static class CanonicalText
{
    private static readonly SearchValues<char> Escaped = SearchValues.Create(
        [.. Enumerable.Range(0, 0x20).Select(c => (char)c), '"', '\\']);

    /// <summary>Writes a quoted string. A lone surrogate, which UTF-8 cannot carry, becomes U+FFFD.</summary>
    public static void Write(CanonicalBuffer output, ReadOnlySpan<char> text)
    {
        output.Write("\""u8);
        int escape;
        while ((escape = text.IndexOfAny(Escaped)) >= 0)
        {
            WritePlain(output, text[..escape]);
            WriteEscape(output, text[escape]);
            text = text[(escape + 1)..];
        }

        WritePlain(output, text);
        output.Write("\""u8);
    }

    private static void WritePlain(CanonicalBuffer output, ReadOnlySpan<char> text)
        => output.Advance(Encoding.UTF8.GetBytes(text, output.Reserve(Encoding.UTF8.GetMaxByteCount(text.Length))));

    private static void WriteEscape(CanonicalBuffer output, char c)
    {
        switch (c)
        {
            case '"':
                output.Write("\\\""u8);
                break;
            case '\\':
                output.Write("\\\\"u8);
                break;
            case '\b':
                output.Write("\\b"u8);
                break;
            case '\t':
                output.Write("\\t"u8);
                break;
            case '\n':
                output.Write("\\n"u8);
                break;
            case '\f':
                output.Write("\\f"u8);
                break;
            case '\r':
                output.Write("\\r"u8);
                break;
            default:
                var hex = "0123456789abcdef"u8;
                output.Write([(byte)'\\', (byte)'u', (byte)'0', (byte)'0', hex[c >> 4], hex[c & 15]]);
                break;
        }
    }
}
