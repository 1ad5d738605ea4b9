using System.Buffers;
using System.Security.Cryptography;

namespace AgentGate.Kernel.Transparency;

/// <summary>
/// The hashes of RFC 9162, section 2.1.1 (the same as RFC 6962): <c>SHA-256(0x00 ‖ entry)</c> for a leaf,
/// <c>SHA-256(0x01 ‖ left ‖ right)</c> for a node. Pure and thread-safe; nothing here allocates but <see cref="Leaf(ReadOnlySpan{byte})"/>.
/// </summary>
public static class MerkleHash
{
    /// <summary>The length of a hash: 32 bytes.</summary>
    public const int Length = SHA256.HashSizeInBytes;

    private const byte LeafPrefix = 0;
    private const byte NodePrefix = 1;
    private const int StackLength = 2048;

    /// <summary>The root of the tree without leaves: SHA-256 of nothing.</summary>
    public static ReadOnlySpan<byte> Empty =>
    [
        0xe3, 0xb0, 0xc4, 0x42, 0x98, 0xfc, 0x1c, 0x14, 0x9a, 0xfb, 0xf4, 0xc8, 0x99, 0x6f, 0xb9, 0x24,
        0x27, 0xae, 0x41, 0xe4, 0x64, 0x9b, 0x93, 0x4c, 0xa4, 0x95, 0x99, 0x1b, 0x78, 0x52, 0xb8, 0x55,
    ];

    /// <summary>Hashes an entry.</summary>
    /// <param name="entry">The entry's bytes.</param>
    /// <param name="destination">Receives 32 bytes.</param>
    public static void Leaf(ReadOnlySpan<byte> entry, Span<byte> destination)
    {
        var length = checked(entry.Length + 1);
        var rented = length > StackLength ? ArrayPool<byte>.Shared.Rent(length) : null;
        var buffer = rented is null ? stackalloc byte[StackLength] : rented;
        buffer[0] = LeafPrefix;
        entry.CopyTo(buffer[1..]);
        SHA256.HashData(buffer[..length], destination);
        if (rented is not null)
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    /// <summary>Hashes an entry.</summary>
    /// <param name="entry">The entry's bytes.</param>
    /// <returns>32 bytes.</returns>
    public static byte[] Leaf(ReadOnlySpan<byte> entry)
    {
        var hash = new byte[Length];
        Leaf(entry, hash);
        return hash;
    }

    /// <summary>Hashes two children.</summary>
    /// <param name="left">The left child: 32 bytes.</param>
    /// <param name="right">The right child: 32 bytes.</param>
    /// <param name="destination">Receives 32 bytes; may be the same memory as a child.</param>
    /// <exception cref="ArgumentException">A child does not have 32 bytes.</exception>
    public static void Node(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right, Span<byte> destination)
    {
        if (left.Length != Length || right.Length != Length)
        {
            throw new ArgumentException($"A node hash has {Length} bytes.", left.Length != Length ? nameof(left) : nameof(right));
        }

        Span<byte> buffer = stackalloc byte[1 + (2 * Length)];
        buffer[0] = NodePrefix;
        left.CopyTo(buffer[1..]);
        right.CopyTo(buffer[(1 + Length)..]);
        SHA256.HashData(buffer, destination);
    }
}
