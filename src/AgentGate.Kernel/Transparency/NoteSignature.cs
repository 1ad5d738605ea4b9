using System.Buffers.Binary;

namespace AgentGate.Kernel.Transparency;

/// <summary>One signature line of a note.</summary>
/// <param name="Name">The key's name.</param>
/// <param name="KeyId">The key's 32-bit id. Name and id together name a key; neither proves anything.</param>
/// <param name="Signature">What follows the id: for a cosignature 8 bytes of time and 64 of signature.</param>
public sealed record NoteSignature(string Name, uint KeyId, ReadOnlyMemory<byte> Signature)
{
    internal const int KeyIdLength = sizeof(uint);

    /// <summary>The line: em dash, space, name, space, base64 of id and signature, without the line feed.</summary>
    /// <returns>The line.</returns>
    public string ToLine()
    {
        var bytes = new byte[KeyIdLength + Signature.Length];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, KeyId);
        Signature.Span.CopyTo(bytes.AsSpan(KeyIdLength));
        return $"\u2014 {Name} {Convert.ToBase64String(bytes)}";
    }

    /// <summary>Reads a line.</summary>
    /// <param name="line">The line, without the line feed.</param>
    /// <param name="signature">The signature.</param>
    /// <returns>Whether it is a signature line. Base64 must be in its one canonical form.</returns>
    public static bool TryParse(ReadOnlySpan<char> line, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out NoteSignature? signature)
    {
        signature = null;
        if (!line.StartsWith("\u2014 ", StringComparison.Ordinal))
        {
            return false;
        }

        line = line[2..];
        var space = line.IndexOf(' ');
        if (space < 0 || !NoteText.IsKeyName(line[..space]) || !NoteText.TryBase64(line[(space + 1)..], out var bytes)
            || bytes.Length <= KeyIdLength)
        {
            return false;
        }

        signature = new NoteSignature(line[..space].ToString(), BinaryPrimitives.ReadUInt32BigEndian(bytes), bytes.AsMemory(KeyIdLength));
        return true;
    }

    /// <inheritdoc/>
    public bool Equals(NoteSignature? other) =>
        other is not null && Name == other.Name && KeyId == other.KeyId && Signature.Span.SequenceEqual(other.Signature.Span);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Name, KeyId, Signature.Length);
}
