using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace AgentGate.Kernel.Transparency;

/// <summary>
/// A text and signatures under it (C2SP <c>signed-note</c>). Nothing in the text may be used before <see cref="Verify"/> has found the
/// signature of a trusted key. Immutable and thread-safe.
/// </summary>
public sealed class SignedNote
{
    /// <summary>The most bytes a note may have: 256 KiB, room for the 16 signatures every reader must accept even if post-quantum.</summary>
    public const int LengthMax = 256 * 1024;

    /// <summary>The most signatures a note may have: 64.</summary>
    public const int SignaturesMax = 64;

    /// <summary>Puts signatures under a text.</summary>
    /// <param name="text">The text: UTF-8, ending with a line feed.</param>
    /// <param name="signatures">At least one signature.</param>
    /// <exception cref="NoteFormatException">The text or the number of signatures breaks a rule.</exception>
    public SignedNote(ReadOnlyMemory<byte> text, IReadOnlyList<NoteSignature> signatures)
    {
        ArgumentNullException.ThrowIfNull(signatures);
        if (text.Length == 0 || text.Span[^1] != '\n' || !NoteText.IsAllowed(text.Span))
        {
            throw new NoteFormatException("The text of a note is UTF-8 without control characters and ends with a line feed.");
        }

        if (signatures.Count is 0 or > SignaturesMax)
        {
            throw new NoteFormatException($"A note has 1 to {SignaturesMax} signatures, not {signatures.Count}.");
        }

        (Text, Signatures) = (text, signatures);
    }

    /// <summary>What is signed, with its last line feed.</summary>
    public ReadOnlyMemory<byte> Text { get; }

    /// <summary>The signatures, checked or not, in the order they stand.</summary>
    public IReadOnlyList<NoteSignature> Signatures { get; }

    /// <summary>Reads a note.</summary>
    /// <param name="note">Its bytes, at most <see cref="LengthMax"/>.</param>
    /// <returns>The note, none of its signatures checked.</returns>
    /// <exception cref="NoteFormatException">The bytes are not a note.</exception>
    public static SignedNote Parse(ReadOnlySpan<byte> note) =>
        TryParse(note, out var parsed, out var error) ? parsed : throw new NoteFormatException(error);

    /// <summary>Reads a note.</summary>
    /// <param name="note">Its bytes, at most <see cref="LengthMax"/>.</param>
    /// <param name="parsed">The note, none of its signatures checked.</param>
    /// <param name="error">Which rule is broken.</param>
    /// <returns>Whether the bytes are a note.</returns>
    public static bool TryParse(ReadOnlySpan<byte> note, [NotNullWhen(true)] out SignedNote? parsed, [NotNullWhen(false)] out string? error)
    {
        parsed = null;
        error = Read(note, ref parsed);
        return error is null;
    }

    /// <summary>The note's bytes.</summary>
    /// <returns>Text, an empty line, one line for each signature.</returns>
    public byte[] ToBytes()
    {
        var lines = new StringBuilder("\n");
        foreach (var signature in Signatures)
        {
            lines.Append(signature.ToLine()).Append('\n');
        }

        return [.. Text.Span, .. NoteText.StrictUtf8.GetBytes(lines.ToString())];
    }

    /// <summary>The same text with more signatures under it.</summary>
    /// <param name="more">The signatures to add; one that is already there is not added again.</param>
    /// <returns>The new note.</returns>
    /// <exception cref="NoteFormatException">There would be too many.</exception>
    public SignedNote With(IEnumerable<NoteSignature> more)
    {
        ArgumentNullException.ThrowIfNull(more);
        var all = new List<NoteSignature>(Signatures);
        foreach (var signature in more)
        {
            if (!all.Contains(signature))
            {
                all.Add(signature);
            }
        }

        return new SignedNote(Text, all);
    }

    /// <summary>
    /// Checks the signatures of known keys. Signatures of unknown keys are ignored, as the specification demands; one that names a
    /// known key and is not valid spoils the note.
    /// </summary>
    /// <param name="keys">The trusted keys.</param>
    /// <param name="verified">The signatures that are valid, at most one for each key.</param>
    /// <returns>Whether at least one trusted key signed and no signature in the name of a trusted key is wrong.</returns>
    public bool Verify(IEnumerable<NoteKey> keys, out IReadOnlyList<VerifiedSignature> verified)
    {
        ArgumentNullException.ThrowIfNull(keys);
        var found = new List<VerifiedSignature>();
        verified = [];
        foreach (var key in keys)
        {
            var first = true;
            foreach (var signature in Signatures)
            {
                if (!key.Matches(signature))
                {
                    continue;
                }

                if (!key.Verify(Text.Span, signature, out var at))
                {
                    return false;
                }

                if (first)
                {
                    found.Add(new VerifiedSignature(key, signature, at));
                    first = false;
                }
            }
        }

        verified = found;
        return found.Count > 0;
    }

    private static string? Read(ReadOnlySpan<byte> note, ref SignedNote? parsed)
    {
        if (note.Length > LengthMax)
        {
            return $"A note has at most {LengthMax} bytes; this one has {note.Length}.";
        }

        if (!NoteText.IsAllowed(note))
        {
            return "A note is valid UTF-8 without control characters other than line feeds.";
        }

        // Text may contain empty lines: the last one ends it.
        var split = note.LastIndexOf("\n\n"u8);
        if (split < 0 || note[^1] != '\n')
        {
            return "A note is text, an empty line and signature lines, each ending with a line feed.";
        }

        var signatures = new List<NoteSignature>();
        var lines = NoteText.StrictUtf8.GetString(note[(split + 2)..]).AsSpan();
        while (!lines.IsEmpty)
        {
            var end = lines.IndexOf('\n');
            if (!NoteSignature.TryParse(lines[..end], out var signature))
            {
                return $"Signature line {signatures.Count + 1} is not an em dash, a key name and base64.";
            }

            if (signatures.Count == SignaturesMax)
            {
                return $"A note has at most {SignaturesMax} signatures.";
            }

            signatures.Add(signature);
            lines = lines[(end + 1)..];
        }

        if (signatures.Count == 0)
        {
            return "The note has no signature.";
        }

        parsed = new SignedNote(note[..(split + 1)].ToArray(), signatures);
        return null;
    }
}
