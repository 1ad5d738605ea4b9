namespace AgentGate.Kernel.Transparency;

/// <summary>Where a log stands: the number of its last entry and that entry's chain value. Immutable.</summary>
/// <param name="Seq">The sequence number of the last entry; 0 before the first.</param>
/// <param name="Hash">The chain value, 32 bytes.</param>
public sealed record ChainHead(long Seq, ReadOnlyMemory<byte> Hash)
{
    /// <summary>The length of a chain value in bytes (SHA-256, FIPS 180-4).</summary>
    public const int HashLength = 32;

    /// <summary>The state before the first entry: number 0 and 32 zero bytes.</summary>
    public static ChainHead Genesis { get; } = new(0, new byte[HashLength]);

    /// <summary>Whether both the number and the chain value agree.</summary>
    /// <param name="other">The other head.</param>
    public bool Equals(ChainHead? other) => other is not null && Seq == other.Seq && Hash.Span.SequenceEqual(other.Hash.Span);

    /// <inheritdoc />
    public override int GetHashCode() => Seq.GetHashCode();
}
