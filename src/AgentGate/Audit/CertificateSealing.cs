using System.Buffers.Binary;
using System.Collections.Immutable;
using AgentGate.Kernel.Certificates;
using AgentGate.Kernel.Signing;
using AgentGate.Kernel.Transparency;

namespace AgentGate.Audit;

/// <summary>
/// Signs the certificates of one batch with one signature: over the root of the Merkle tree of their bodies
/// (docs/formats/certificate.md, "Signed through its batch"). Not thread-safe: the log's writer owns it.
/// </summary>
internal sealed class CertificateSealing
{
    private readonly List<ReadOnlyMemory<byte>[]> _rows = [];

    /// <summary>Signs.</summary>
    /// <param name="batch">What has a certificate, with the number of its entry. Each gets its seal.</param>
    /// <param name="key">The signing key.</param>
    /// <param name="origin">The origin of a tenant's log.</param>
    public void Seal(IReadOnlyList<(PendingEntry Pending, long Seq)> batch, SigningKey key, Func<string, string> origin)
    {
        Build(batch);
        var message = new byte[sizeof(long) + MerkleHash.Length];
        BinaryPrimitives.WriteInt64BigEndian(message, batch.Count);
        _rows[^1][0].CopyTo(message.AsMemory(sizeof(long)));
        var value = key.Sign(SigningDomains.CertificateBatch, message);
        var algorithm = key.Algorithm == SignatureAlgorithm.Ed25519 ? "Ed25519" : "ES256";
        for (var i = 0; i < batch.Count; i++)
        {
            var (pending, seq) = batch[i];
            pending.Seal = new CertificateSeal(
                key.Id, algorithm, batch.Count, i, PathOf(i), value, origin(pending.Entry.Tenant), seq - 1);
        }
    }

    /// <summary>All rows of the tree, from the leaves up. The last node of an odd row moves up as it is, which is the tree of RFC 9162 §2.1.</summary>
    private void Build(IReadOnlyList<(PendingEntry Pending, long Seq)> batch)
    {
        _rows.Clear();
        var row = new ReadOnlyMemory<byte>[batch.Count];
        for (var i = 0; i < row.Length; i++)
        {
            row[i] = MerkleHash.Leaf(batch[i].Pending.Record.Certificate!.Body.Span);
        }

        _rows.Add(row);
        while (row.Length > 1)
        {
            var above = new ReadOnlyMemory<byte>[(row.Length + 1) / 2];
            var hashes = new byte[row.Length / 2 * MerkleHash.Length];
            for (var i = 0; i < row.Length / 2; i++)
            {
                var parent = hashes.AsMemory(i * MerkleHash.Length, MerkleHash.Length);
                MerkleHash.Node(row[2 * i].Span, row[(2 * i) + 1].Span, parent.Span);
                above[i] = parent;
            }

            if (row.Length % 2 == 1)
            {
                above[^1] = row[^1];
            }

            _rows.Add(row = above);
        }
    }

    private ImmutableArray<ReadOnlyMemory<byte>> PathOf(int index)
    {
        var path = ImmutableArray.CreateBuilder<ReadOnlyMemory<byte>>(_rows.Count);
        foreach (var row in _rows)
        {
            if ((index ^ 1) < row.Length)
            {
                path.Add(row[index ^ 1]);
            }

            index >>= 1;
        }

        return path.DrainToImmutable();
    }
}
