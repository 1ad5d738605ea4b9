using AgentGate.Kernel.Signing;

namespace AgentGate.Kernel.Certificates;

/// <summary>A vote with its signature. Immutable. That it can be read does not make it valid: see <see cref="IsSignedBy"/>.</summary>
/// <param name="Vote">What is signed.</param>
/// <param name="KeyId">The key it says it is signed with.</param>
/// <param name="Signature">64 bytes.</param>
public sealed record SignedVote(Vote Vote, string KeyId, ReadOnlyMemory<byte> Signature)
{
    /// <summary>The most bytes a vote has in canonical form: 2 KiB.</summary>
    public const int LengthMax = 2048;

    /// <summary>Signs a vote.</summary>
    /// <param name="vote">The vote.</param>
    /// <param name="key">The node's key.</param>
    /// <exception cref="ArgumentException">A member of the vote has a form that no reader accepts.</exception>
    public static SignedVote Sign(Vote vote, SigningKey key)
    {
        ArgumentNullException.ThrowIfNull(vote);
        ArgumentNullException.ThrowIfNull(key);
        if (VoteFormat.Fault(vote) is { } fault)
        {
            throw new ArgumentException($"A vote's {fault} does not have its form (docs/formats/bundle.md).", nameof(vote));
        }

        return new SignedVote(vote, key.Id, key.Sign(SigningDomains.Vote, VoteFormat.Write(vote, null)));
    }

    /// <summary>Reads a vote. Only the exact bytes that <see cref="ToCanonicalJson"/> writes are accepted.</summary>
    /// <param name="canonical">The canonical bytes, at most <see cref="LengthMax"/>.</param>
    /// <exception cref="FormatException">The bytes are no vote of version 1 in canonical form; the message names the member.</exception>
    public static SignedVote Parse(ReadOnlySpan<byte> canonical) => VoteFormat.Read(canonical);

    /// <summary>The vote's canonical JSON, UTF-8: what is sent, logged and put into bundles.</summary>
    public byte[] ToCanonicalJson() => VoteFormat.Write(Vote, this);

    /// <summary>Whether a key made this signature over this vote.</summary>
    /// <param name="key">The public key of the node.</param>
    public bool IsSignedBy(VerificationKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return key.Id == KeyId && key.Verify(SigningDomains.Vote, VoteFormat.Write(Vote, null), Signature.Span);
    }
}
