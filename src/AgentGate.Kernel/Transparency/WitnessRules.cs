namespace AgentGate.Kernel.Transparency;

/// <summary>
/// What a witness decides: consistency and nothing else, in the order the protocol gives (C2SP <c>tlog-witness</c>, <c>add-checkpoint</c>).
/// Pure and thread-safe; the caller makes reading the state, deciding and storing the new state one step.
/// </summary>
public static class WitnessRules
{
    /// <summary>Decides about a checkpoint.</summary>
    /// <param name="request">What the log sent.</param>
    /// <param name="logKeys">The keys trusted for its origin; none when the origin is unknown.</param>
    /// <param name="stored">What was cosigned last for this origin; <see cref="WitnessedLog.Never"/> at first.</param>
    /// <returns>The answer.</returns>
    public static WitnessOutcome Decide(AddCheckpointRequest request, IReadOnlyList<NoteKey> logKeys, WitnessedLog stored)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(logKeys);
        ArgumentNullException.ThrowIfNull(stored);
        var checkpoint = request.Checkpoint;
        if (logKeys.Count == 0)
        {
            return new WitnessOutcome.UnknownLog();
        }

        if (!request.Note.Verify(logKeys, out _))
        {
            return new WitnessOutcome.NotSigned();
        }

        if (request.OldSize > checkpoint.Size)
        {
            return new WitnessOutcome.Malformed("The old size is above the size of the checkpoint.");
        }

        if (request.OldSize != stored.Size)
        {
            return new WitnessOutcome.Conflict(stored.Size);
        }

        return Fault(request, stored) is { } fault
            ? new WitnessOutcome.Inconsistent(fault)
            : new WitnessOutcome.Accepted(new WitnessedLog(checkpoint.Size, checkpoint.Root));
    }

    private static string? Fault(AddCheckpointRequest request, WitnessedLog stored)
    {
        var checkpoint = request.Checkpoint;
        if (checkpoint.Size == 0 && !checkpoint.Root.Span.SequenceEqual(MerkleHash.Empty))
        {
            return "A checkpoint of size 0 has the root of the empty tree.";
        }

        if (request.OldSize == 0)
        {
            return request.Proof.IsEmpty ? null : "From size 0 there is no proof.";
        }

        return MerkleProof.VerifyConsistency(stored.Size, checkpoint.Size, stored.Root.Span, checkpoint.Root.Span, request.Proof.Span)
            ? null
            : "The proof does not show that the checkpoint continues the one cosigned last.";
    }
}
