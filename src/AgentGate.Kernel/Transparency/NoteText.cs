using System.Globalization;
using System.Text;

namespace AgentGate.Kernel.Transparency;

/// <summary>The rules about characters that notes, checkpoints and their keys share.</summary>
internal static class NoteText
{
    /// <summary>UTF-8 that refuses what is not UTF-8.</summary>
    public static UTF8Encoding StrictUtf8 { get; } = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Whether a name may stand in a signature line: not empty, no white space, no plus, no control character.</summary>
    public static bool IsKeyName(ReadOnlySpan<char> name)
    {
        if (name.IsEmpty)
        {
            return false;
        }

        foreach (var character in name)
        {
            if (char.IsWhiteSpace(character) || character == '+' || character < ' ')
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Whether text may stand in a note: valid UTF-8 without control characters below U+0020 but line feeds.</summary>
    public static bool IsAllowed(ReadOnlySpan<byte> text) =>
        System.Text.Unicode.Utf8.IsValid(text) && text.IndexOfAnyInRange((byte)0, (byte)9) < 0 && text.IndexOfAnyInRange((byte)11, (byte)31) < 0;

    /// <summary>Reads standard base64 (RFC 4648, section 4) with padding, in the one form an encoder writes.</summary>
    public static bool TryBase64(ReadOnlySpan<char> text, out byte[] bytes)
    {
        bytes = new byte[text.Length / 4 * 3];
        if (text.Length % 4 != 0 || !Convert.TryFromBase64Chars(text, bytes, out var written))
        {
            return false;
        }

        Array.Resize(ref bytes, written);

        // The framework skips white space and ignores the unused bits of the last character; we accept one spelling only.
        return text.SequenceEqual(Convert.ToBase64String(bytes));
    }

    /// <summary>Reads a decimal number without sign or leading zeroes, up to 2^63 - 1.</summary>
    public static bool TryDecimal(ReadOnlySpan<char> text, out long number)
    {
        number = 0;
        return text.Length is > 0 and <= 19 && !text.ContainsAnyExceptInRange('0', '9') && (text.Length == 1 || text[0] != '0')
            && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }
}
