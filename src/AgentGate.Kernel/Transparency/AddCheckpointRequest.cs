using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace AgentGate.Kernel.Transparency;

/// <summary>What a log sends to a witness (C2SP <c>tlog-witness</c>, <c>add-checkpoint</c>): the size it believes the witness knows, the proof from there, and the new checkpoint.</summary>
/// <param name="OldSize">The size of the checkpoint the witness cosigned last; 0 for none.</param>
/// <param name="Proof">The consistency proof, concatenated.</param>
/// <param name="Note">The signed checkpoint.</param>
/// <param name="Checkpoint">What it says.</param>
public sealed record AddCheckpointRequest(long OldSize, ReadOnlyMemory<byte> Proof, SignedNote Note, Checkpoint Checkpoint)
{
    /// <summary>The most proof lines: 63.</summary>
    public const int ProofLinesMax = 63;

    /// <summary>The most bytes of a request body: a note and its proof.</summary>
    public const int LengthMax = SignedNote.LengthMax + (ProofLinesMax * 45) + 32;

    private const string OldPrefix = "old ";

    /// <summary>Writes the body of a request.</summary>
    /// <param name="oldSize">The size the witness knows.</param>
    /// <param name="proof">The consistency proof.</param>
    /// <param name="note">The signed checkpoint's bytes.</param>
    /// <returns>The body.</returns>
    public static byte[] Format(long oldSize, IReadOnlyList<byte[]> proof, ReadOnlySpan<byte> note)
    {
        ArgumentNullException.ThrowIfNull(proof);
        var head = new StringBuilder();
        head.Append(CultureInfo.InvariantCulture, $"{OldPrefix}{oldSize}\n");
        foreach (var hash in proof)
        {
            head.Append(Convert.ToBase64String(hash)).Append('\n');
        }

        return [.. Encoding.ASCII.GetBytes(head.Append('\n').ToString()), .. note];
    }

    /// <summary>Reads the body of a request.</summary>
    /// <param name="body">The body, at most <see cref="LengthMax"/> bytes.</param>
    /// <param name="request">The request; no signature and no proof is checked.</param>
    /// <param name="error">Which rule is broken.</param>
    /// <returns>Whether the body has the form the protocol demands.</returns>
    public static bool TryParse(ReadOnlySpan<byte> body, [NotNullWhen(true)] out AddCheckpointRequest? request, [NotNullWhen(false)] out string? error)
    {
        request = null;
        error = Read(body, ref request);
        return error is null;
    }

    private static string? Read(ReadOnlySpan<byte> body, ref AddCheckpointRequest? request)
    {
        if (body.Length > LengthMax)
        {
            return $"A request has at most {LengthMax} bytes.";
        }

        var head = body.IndexOf("\n\n"u8);
        if (head < 0 || body[..head].ContainsAnyExceptInRange((byte)'\n', (byte)'z'))
        {
            return "A request is a line with the old size, proof lines, an empty line and a checkpoint.";
        }

        var lines = Encoding.ASCII.GetString(body[..head]).Split('\n', ProofLinesMax + 2);
        if (lines.Length > ProofLinesMax + 1)
        {
            return $"A request has at most {ProofLinesMax} proof lines.";
        }

        if (!lines[0].StartsWith(OldPrefix, StringComparison.Ordinal) || !NoteText.TryDecimal(lines[0].AsSpan(OldPrefix.Length), out var oldSize))
        {
            return "The first line is 'old', a space and a size in decimal without leading zeroes.";
        }

        var proof = new byte[(lines.Length - 1) * MerkleHash.Length];
        for (var i = 1; i < lines.Length; i++)
        {
            if (!NoteText.TryBase64(lines[i], out var hash) || hash.Length != MerkleHash.Length)
            {
                return $"Proof line {i} is not a hash of {MerkleHash.Length} bytes in base64 with padding.";
            }

            hash.CopyTo(proof, (i - 1) * MerkleHash.Length);
        }

        if (!SignedNote.TryParse(body[(head + 2)..], out var note, out var error) || !Checkpoint.TryParse(note.Text.Span, out var checkpoint, out error))
        {
            return error;
        }

        request = new AddCheckpointRequest(oldSize, proof, note, checkpoint);
        return null;
    }
}
