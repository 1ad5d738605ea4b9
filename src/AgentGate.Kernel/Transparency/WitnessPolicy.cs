namespace AgentGate.Kernel.Transparency;

/// <summary>
/// Which witnesses are trusted and how many of them must have cosigned a checkpoint. Fewer than <see cref="Quorum"/> is no quorum,
/// whatever the reason the others are missing. Immutable and thread-safe.
/// </summary>
public sealed class WitnessPolicy
{
    /// <summary>The most witnesses: 32.</summary>
    public const int WitnessesMax = 32;

    /// <summary>Demands cosignatures.</summary>
    /// <param name="quorum">How many; from 1 to the number of witnesses, or 0 for none, without witnesses.</param>
    /// <param name="witnesses">The witnesses' keys, of type <see cref="NoteSignatureType.Cosignature"/>.</param>
    /// <exception cref="NoteFormatException">
    /// A key is not a witness's, a name or a public key is listed twice (one witness would count as two), or the quorum cannot be met.
    /// </exception>
    public WitnessPolicy(int quorum, IReadOnlyList<NoteKey> witnesses)
    {
        ArgumentNullException.ThrowIfNull(witnesses);
        if (witnesses.Count > WitnessesMax || quorum < 0 || quorum > witnesses.Count || (quorum == 0 && witnesses.Count > 0))
        {
            throw new NoteFormatException($"The quorum is 1 to the number of witnesses ({witnesses.Count}, at most {WitnessesMax}); {quorum} is given.");
        }

        if (witnesses.FirstOrDefault(static key => key.Type != NoteSignatureType.Cosignature) is { } other)
        {
            throw new NoteFormatException($"'{other.Name}' is not the key of a witness: its type is 0x{(int)other.Type:x2}, not 0x04.");
        }

        if (witnesses.DistinctBy(static key => key.Name).Count() != witnesses.Count
            || witnesses.DistinctBy(static key => key.Key.Id).Count() != witnesses.Count)
        {
            throw new NoteFormatException("A witness is listed twice, by its name or by its public key: it would count as two.");
        }

        (Quorum, Witnesses) = (quorum, witnesses);
    }

    /// <summary>The policy that demands nothing.</summary>
    public static WitnessPolicy None { get; } = new(0, []);

    /// <summary>How many of the witnesses must have cosigned.</summary>
    public int Quorum { get; }

    /// <summary>The witnesses.</summary>
    public IReadOnlyList<NoteKey> Witnesses { get; }

    /// <summary>Counts the valid cosignatures of a note. Unknown keys and invalid signatures count as nothing.</summary>
    /// <param name="note">The note.</param>
    /// <returns>At most one for each witness.</returns>
    public IReadOnlyList<VerifiedSignature> Cosignatures(SignedNote note)
    {
        ArgumentNullException.ThrowIfNull(note);
        var found = new List<VerifiedSignature>();
        foreach (var witness in Witnesses)
        {
            foreach (var signature in note.Signatures)
            {
                if (witness.Verify(note.Text.Span, signature, out var at))
                {
                    found.Add(new VerifiedSignature(witness, signature, at));
                    break;
                }
            }
        }

        return found;
    }

    /// <summary>Whether enough witnesses have cosigned a note.</summary>
    /// <param name="note">The note.</param>
    /// <returns>Whether there is a quorum.</returns>
    public bool IsMet(SignedNote note) => Quorum == 0 || Cosignatures(note).Count >= Quorum;
}
