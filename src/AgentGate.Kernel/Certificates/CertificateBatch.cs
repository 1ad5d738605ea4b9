using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Numerics;
using AgentGate.Kernel.Signing;
using AgentGate.Kernel.Transparency;

namespace AgentGate.Kernel.Certificates;

/// <summary>
/// Certificates that are committed together and share one signature: over the root of the Merkle tree (RFC 9162 §2.1) of their bodies.
/// Immutable and thread-safe.
/// </summary>
public sealed class CertificateBatch
{
    /// <summary>The most certificates of a batch.</summary>
    public const int SizeMax = 65_536;

    private const int SignedLength = sizeof(long) + MerkleHash.Length;

    private readonly string _keyId;
    private readonly string _algorithm;
    private readonly byte[] _value;

    /// <summary>The hashes of every level one after the other, from the leaves to the root.</summary>
    private readonly byte[] _tree;

    private CertificateBatch(int size, byte[] tree, SigningKey key)
    {
        (Size, _tree) = (size, tree);
        (_keyId, _algorithm) = (key.Id, CertificateWords.Of(key.Algorithm));
        Span<byte> signed = stackalloc byte[SignedLength];
        BinaryPrimitives.WriteInt64BigEndian(signed, size);
        tree.AsSpan(^MerkleHash.Length..).CopyTo(signed[sizeof(long)..]);
        _value = key.Sign(SigningDomains.CertificateBatch, signed);
    }

    /// <summary>How many certificates there are.</summary>
    public int Size { get; }

    /// <summary>Signs a batch.</summary>
    /// <param name="drafts">The certificates, from 1 to <see cref="SizeMax"/>.</param>
    /// <param name="key">The signing key.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are none, or too many.</exception>
    public static CertificateBatch Sign(IReadOnlyList<CertificateDraft> drafts, SigningKey key)
    {
        ArgumentNullException.ThrowIfNull(drafts);
        ArgumentNullException.ThrowIfNull(key);
        ArgumentOutOfRangeException.ThrowIfZero(drafts.Count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(drafts.Count, SizeMax);
        var tree = new byte[NodesOf(drafts.Count) * MerkleHash.Length];
        for (var i = 0; i < drafts.Count; i++)
        {
            MerkleHash.Leaf(drafts[i].Body.Span, Node(tree, i));
        }

        // Level by level, where a last node without a sibling moves up as it is: the tree of RFC 9162.
        for (var (start, count) = (0, drafts.Count); count > 1; (start, count) = (start + count, (count + 1) / 2))
        {
            for (var i = 0; i < count; i += 2)
            {
                var parent = Node(tree, start + count + (i / 2));
                if (i + 1 < count)
                {
                    MerkleHash.Node(Node(tree, start + i), Node(tree, start + i + 1), parent);
                }
                else
                {
                    Node(tree, start + i).CopyTo(parent);
                }
            }
        }

        return new CertificateBatch(drafts.Count, tree, key);
    }

    /// <summary>The seal of one certificate.</summary>
    /// <param name="index">Its place in the batch, from 0.</param>
    /// <param name="origin">The log's origin.</param>
    /// <param name="logIndex">The index of the leaf of its entry, from 0.</param>
    public CertificateSeal Seal(int index, string origin, long logIndex)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Size);
        var path = ImmutableArray.CreateBuilder<ReadOnlyMemory<byte>>(BitOperations.Log2((uint)Size) + 1);
        var place = index;
        for (var (start, count) = (0, Size); count > 1; (start, count, place) = (start + count, (count + 1) / 2, place / 2))
        {
            if ((place ^ 1) < count)
            {
                path.Add(_tree.AsMemory((start + (place ^ 1)) * MerkleHash.Length, MerkleHash.Length));
            }
        }

        return new CertificateSeal(_keyId, _algorithm, Size, index, path.DrainToImmutable(), _value, origin, logIndex);
    }

    /// <summary>Whether a seal is of this body and this key.</summary>
    /// <param name="body">The body's canonical bytes.</param>
    /// <param name="seal">The seal.</param>
    /// <param name="key">The public key.</param>
    /// <returns>Whether the path leads from the body to a root that this key signed; a wrong seal is an answer, never an exception.</returns>
    public static bool Verify(ReadOnlySpan<byte> body, CertificateSeal seal, VerificationKey key)
    {
        ArgumentNullException.ThrowIfNull(seal);
        ArgumentNullException.ThrowIfNull(key);
        if (seal.KeyId != key.Id || seal.Algorithm != CertificateWords.Of(key.Algorithm)
            || seal.BatchSize is < 1 or > SizeMax || seal.Index < 0 || seal.Index >= seal.BatchSize)
        {
            return false;
        }

        Span<byte> signed = stackalloc byte[SignedLength];
        BinaryPrimitives.WriteInt64BigEndian(signed, seal.BatchSize);
        MerkleHash.Leaf(body, signed[sizeof(long)..]);
        return TryClimb(seal, signed[sizeof(long)..]) && key.Verify(SigningDomains.CertificateBatch, signed, seal.Value.Span);
    }

    /// <summary>Turns the hash of a leaf into the root its path leads to (RFC 9162 §2.1.3.2), if the path is exactly as long as it must be.</summary>
    private static bool TryClimb(CertificateSeal seal, Span<byte> hash)
    {
        var used = 0;
        var place = seal.Index;
        for (var count = seal.BatchSize; count > 1; (count, place) = ((count + 1) / 2, place / 2))
        {
            if ((place ^ 1) >= count)
            {
                continue;
            }

            if (used == seal.Path.Length || seal.Path[used].Length != MerkleHash.Length)
            {
                return false;
            }

            var sibling = seal.Path[used++].Span;
            if ((place & 1) == 0)
            {
                MerkleHash.Node(hash, sibling, hash);
            }
            else
            {
                MerkleHash.Node(sibling, hash, hash);
            }
        }

        return used == seal.Path.Length;
    }

    private static int NodesOf(int size)
    {
        var nodes = size;
        for (var count = size; count > 1; nodes += count)
        {
            count = (count + 1) / 2;
        }

        return nodes;
    }

    private static Span<byte> Node(byte[] tree, int index) => tree.AsSpan(index * MerkleHash.Length, MerkleHash.Length);
}
