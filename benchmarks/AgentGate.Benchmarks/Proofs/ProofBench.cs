using System.Buffers.Binary;
using System.Diagnostics;
using AgentGate.Benchmarks.Reporting;
using AgentGate.Kernel.Signing;
using AgentGate.Kernel.Transparency;

namespace AgentGate.Benchmarks.Proofs;

/// <summary>The tree of a million leaves: appending, proving, verifying; signing and verifying one statement.</summary>
internal static class ProofBench
{
    private const int Leaves = 1_000_000;
    private const int Rounds = 5;
    private static readonly TimeSpan s_round = TimeSpan.FromSeconds(0.3);

    public static IEnumerable<BenchTable> Run()
    {
        var table = new BenchTable("proofs", $"Merkle tree of {Leaves:N0} leaves, tiles in memory, one thread, best of {Rounds}", ("us", "F2"), ("bytes allocated", "N0"));
        var tiles = new MemoryTiles();
        var frontier = new MerkleFrontier();
        var leaf = new byte[MerkleHash.Length];
        var started = Stopwatch.GetTimestamp();
        for (var i = 0; i < Leaves; i++)
        {
            Leaf(i, leaf);
            frontier.Append(leaf);
            tiles.Append(leaf);
        }

        table.Notes.Add($"building the tree with its tiles: {Stopwatch.GetElapsedTime(started).TotalMicroseconds / Leaves:F2} us for each leaf, its own hash included.");
        AddTree(table, tiles, frontier.Root());
        AddSignatures(table);
        return [table];
    }

    private static void AddTree(BenchTable table, MemoryTiles tiles, byte[] root)
    {
        var (next, leaf) = (0, new byte[MerkleHash.Length]);
        var growing = new MerkleFrontier();
        Add(table, "hash a node (65 bytes)", () => MerkleHash.Node(root, root, leaf));
        Add(table, "append a leaf hash, root afterwards", () =>
        {
            growing.Append(root);
            growing.Root(leaf);
        });
        var cold = new MerkleProver(tiles);
        var warm = new MerkleProver(tiles, new MerkleTileCache(8192));
        Add(table, "inclusion proof from tiles, nothing kept", () => Wait(cold.InclusionAsync(Next(), Leaves)));
        Add(table, "inclusion proof from tiles, tiles kept", () => Wait(warm.InclusionAsync(Next(), Leaves)));
        Add(table, "consistency proof from tiles, nothing kept", () => Wait(cold.ConsistencyAsync(Next() + 1, Leaves)));
        Add(table, "consistency proof from tiles, tiles kept", () => Wait(warm.ConsistencyAsync(Next() + 1, Leaves)));

        const int Index = 314_159;
        MerkleProof.TryConcat(Wait(warm.InclusionAsync(Index, Leaves)), out var inclusion);
        MerkleProof.TryConcat(Wait(warm.ConsistencyAsync(Index, Leaves)), out var consistency);
        var old = Wait(warm.RootAsync(Index));
        Leaf(Index, leaf = new byte[MerkleHash.Length]);
        Add(table, $"verify inclusion ({inclusion.Length / MerkleHash.Length} hashes)", () => Check(MerkleProof.VerifyInclusion(leaf, Index, Leaves, inclusion, root)));
        Add(table, $"verify consistency ({consistency.Length / MerkleHash.Length} hashes)", () => Check(MerkleProof.VerifyConsistency(Index, Leaves, old, root, consistency)));

        // A step that is no divisor of the size meets tile after tile.
        int Next() => next = (next + 611_953) % Leaves;
    }

    private static void AddSignatures(BenchTable table)
    {
        var message = new byte[200];
        foreach (var algorithm in new[] { SignatureAlgorithm.Ed25519, SignatureAlgorithm.EcdsaP256 })
        {
            using var key = SigningKey.Create(algorithm, [.. Enumerable.Repeat((byte)7, SigningKey.SecretLength)]);
            var signature = key.Sign(message);
            Add(table, $"sign 200 bytes, {algorithm.Name()}", () => key.Sign(message));
            Add(table, $"verify 200 bytes, {algorithm.Name()}", () => Check(key.PublicKey.Verify(message, signature)));
        }

        using var witness = SigningKey.Create(SignatureAlgorithm.Ed25519, [.. Enumerable.Repeat((byte)8, SigningKey.SecretLength)]);
        var signer = new NoteSigner(witness, NoteKey.ForLog("example.com/log", witness.PublicKey));
        var bytes = new Checkpoint("example.com/log", Leaves, new byte[32]).Sign(signer).ToBytes();
        Add(table, "read a checkpoint and verify its signature", () => Check(SignedNote.Parse(bytes).Verify([signer.PublicKey], out _)));
    }

    private static void Add(BenchTable table, string name, Action run)
    {
        // A first round warms up and is dropped.
        var (best, bytes) = (double.MaxValue, 0.0);
        for (var round = 0; round <= Rounds; round++)
        {
            var (times, allocated, started) = (0, GC.GetAllocatedBytesForCurrentThread(), Stopwatch.GetTimestamp());
            TimeSpan elapsed;
            do
            {
                for (var i = 0; i < 20; i++)
                {
                    run();
                }

                times += 20;
                elapsed = Stopwatch.GetElapsedTime(started);
            }
            while (elapsed < s_round);
            best = round == 0 ? best : Math.Min(best, elapsed.TotalMicroseconds / times);
            bytes = (GC.GetAllocatedBytesForCurrentThread() - allocated) / (double)times;
        }

        table.Rows.Add(new BenchRow(name, best, bytes));
    }

    private static T Wait<T>(ValueTask<T> task) => task.IsCompletedSuccessfully ? task.Result : task.AsTask().GetAwaiter().GetResult();

    private static void Check(bool good)
    {
        if (!good)
        {
            throw new InvalidOperationException("What is measured does not work.");
        }
    }

    private static void Leaf(int index, Span<byte> hash)
    {
        Span<byte> entry = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(entry, index);
        MerkleHash.Leaf(entry, hash);
    }

    private sealed class MemoryTiles : ITileSource
    {
        private readonly Dictionary<(int Level, long Index), byte[]> _full = [];
        private readonly MerkleTileBuilder _builder;

        public MemoryTiles() => _builder = new MerkleTileBuilder((tile, hashes) => _full[(tile.Level, tile.Index)] = hashes.ToArray());

        public void Append(ReadOnlySpan<byte> leaf) => _builder.Append(leaf);

        public ValueTask<ReadOnlyMemory<byte>> ReadTileAsync(TileCoordinates tile, CancellationToken cancellationToken) =>
            ValueTask.FromResult(_full.TryGetValue((tile.Level, tile.Index), out var hashes) ? hashes : _builder.Hashes(tile));
    }
}
