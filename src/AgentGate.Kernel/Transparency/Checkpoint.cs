using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using AgentGate.Kernel.Signing;

namespace AgentGate.Kernel.Transparency;

/// <summary>
/// How large a log is and what its root is (C2SP <c>tlog-checkpoint</c>): the text of a signed note. Immutable and thread-safe. Not
/// signed by itself.
/// </summary>
public sealed class Checkpoint
{
    /// <summary>The longest origin: 255 characters.</summary>
    public const int OriginLengthMax = 255;

    /// <summary>The most extension lines that are read: 32.</summary>
    public const int ExtensionsMax = 32;

    /// <summary>Describes a log.</summary>
    /// <param name="origin">The log's identity: one line, not empty.</param>
    /// <param name="size">The number of leaves.</param>
    /// <param name="root">The root: 32 bytes.</param>
    /// <param name="extensions">Opaque lines. Our logs write none; those of others are kept, because signatures cover them.</param>
    /// <exception cref="NoteFormatException">A part breaks a rule of the format.</exception>
    public Checkpoint(string origin, long size, ReadOnlyMemory<byte> root, IReadOnlyList<string>? extensions = null)
    {
        ArgumentNullException.ThrowIfNull(origin);
        if (Fault(origin, size, root.Span, extensions ?? []) is { } fault)
        {
            throw new NoteFormatException(fault);
        }

        (Origin, Size, Root, Extensions) = (origin, size, root, extensions ?? []);
    }

    /// <summary>The log's identity.</summary>
    public string Origin { get; }

    /// <summary>The number of leaves.</summary>
    public long Size { get; }

    /// <summary>The root: 32 bytes.</summary>
    public ReadOnlyMemory<byte> Root { get; }

    /// <summary>Opaque lines after the root, in order.</summary>
    public IReadOnlyList<string> Extensions { get; }

    /// <summary>Reads the text of a note.</summary>
    /// <param name="text">The text, with its last line feed.</param>
    /// <returns>The checkpoint.</returns>
    /// <exception cref="NoteFormatException">The text is not a checkpoint.</exception>
    public static Checkpoint Parse(ReadOnlySpan<byte> text) =>
        TryParse(text, out var checkpoint, out var error) ? checkpoint : throw new NoteFormatException(error);

    /// <summary>Reads the text of a note.</summary>
    /// <param name="text">The text, with its last line feed.</param>
    /// <param name="checkpoint">The checkpoint.</param>
    /// <param name="error">Which rule is broken.</param>
    /// <returns>Whether the text is a checkpoint.</returns>
    public static bool TryParse(ReadOnlySpan<byte> text, [NotNullWhen(true)] out Checkpoint? checkpoint, [NotNullWhen(false)] out string? error)
    {
        checkpoint = null;
        error = Read(text, ref checkpoint);
        return error is null;
    }

    /// <summary>The text to sign.</summary>
    /// <returns>Origin, size, root in base64 and extensions, a line each.</returns>
    public byte[] ToText()
    {
        var text = new StringBuilder();
        text.Append(Origin).Append('\n').Append(CultureInfo.InvariantCulture, $"{Size}\n").Append(Convert.ToBase64String(Root.Span)).Append('\n');
        foreach (var extension in Extensions)
        {
            text.Append(extension).Append('\n');
        }

        return NoteText.StrictUtf8.GetBytes(text.ToString());
    }

    /// <summary>Signs as the log.</summary>
    /// <param name="signer">The log's key.</param>
    /// <returns>The signed note.</returns>
    public SignedNote Sign(NoteSigner signer)
    {
        ArgumentNullException.ThrowIfNull(signer);
        var text = ToText();
        return new SignedNote(text, [signer.Sign(text)]);
    }

    private static string? Fault(string origin, long size, ReadOnlySpan<byte> root, IReadOnlyList<string> extensions)
    {
        if (origin.Length is 0 or > OriginLengthMax || !IsLine(origin) || SigningDomains.IsReserved(origin))
        {
            return $"An origin is one line of 1 to {OriginLengthMax} characters that is not the first line of another signed statement.";
        }

        if (size < 0 || root.Length != MerkleHash.Length)
        {
            return $"A checkpoint has a size from 0 and a root of {MerkleHash.Length} bytes.";
        }

        return extensions.Count > ExtensionsMax || extensions.Any(static line => line.Length == 0 || !IsLine(line))
            ? $"A checkpoint has at most {ExtensionsMax} extensions, each a line that is not empty."
            : null;
    }

    private static bool IsLine(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            // A lone surrogate does not survive UTF-8.
            if (text[i] < ' ' || (char.IsSurrogate(text[i]) && !char.IsSurrogatePair(text, i++)))
            {
                return false;
            }
        }

        return true;
    }

    private static string? Read(ReadOnlySpan<byte> text, ref Checkpoint? checkpoint)
    {
        if (text.Length > SignedNote.LengthMax || text.Length == 0 || text[^1] != '\n' || !NoteText.IsAllowed(text))
        {
            return "A checkpoint is the text of a note: UTF-8 without control characters, ending with a line feed.";
        }

        var lines = NoteText.StrictUtf8.GetString(text[..^1]).Split('\n', ExtensionsMax + 4);
        if (lines.Length < 3)
        {
            return "A checkpoint has at least three lines: origin, size and root.";
        }

        if (!NoteText.TryDecimal(lines[1], out var size))
        {
            return "The second line of a checkpoint is its size in decimal, without sign or leading zeroes.";
        }

        if (!NoteText.TryBase64(lines[2], out var root))
        {
            return "The third line of a checkpoint is its root in base64 with padding.";
        }

        var extensions = lines[3..];
        var fault = Fault(lines[0], size, root, extensions);
        checkpoint = fault is null ? new Checkpoint(lines[0], size, root, extensions) : null;
        return fault;
    }
}
