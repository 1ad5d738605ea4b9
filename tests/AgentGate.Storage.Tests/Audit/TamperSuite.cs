using System.Globalization;
using AgentGate.Kernel.Transparency;

namespace AgentGate.Storage.Tests.Audit;

/// <summary>
/// A log of 10,000 entries of every kind, changed in every way at sampled places (<c>./run tamper</c>: at every place): found by a
/// check of the file with and without the chain's key, by a witness, and by a client that kept one old checkpoint.
/// </summary>
public sealed class TamperSuite(ITestOutputHelper output)
{
    private const int Size = 10_000;

    private static int Step { get; } = int.TryParse(
        Environment.GetEnvironmentVariable("AGENTGATE_TAMPER_STEP"), NumberStyles.None, CultureInfo.InvariantCulture, out var step) && step > 0 ? step : 1999;

    private static readonly string[] s_changes = ["mutate", "mutate the chain value", "delete", "reorder", "truncate", "fork"];

    [Fact]
    public async Task Every_change_is_found_by_fsck_by_a_witness_and_by_whoever_kept_a_checkpoint()
    {
        await using var log = await TamperedLog.CreateAsync(Size);
        Assert.Empty(log.Check("SELECT 1", withKey: true, withCheckpoint: true).Findings);
        Assert.Equal(Enum.GetValues<EntryKind>().Length, log.Entries.Select(e => LogEntryParser.Parse(e.Canonical.Span).Body.Kind).Distinct().Count());

        var (changes, undetected) = (0, new List<string>());
        foreach (var place in Places().Concat(OfEveryKind(log)).Distinct())
        {
            foreach (var change in s_changes)
            {
                changes++;
                if (Undetected(log, change, place) is { } who)
                {
                    undetected.Add($"{change} at {place}: not found by {who}");
                }
            }
        }

        output.WriteLine($"{changes} changes at {changes / s_changes.Length} places, {undetected.Count} not found");
        Assert.Empty(undetected);
        Assert.True(changes >= 6 * s_changes.Length);
    }

    /// <summary>Always the first, the last, and the edges of a tile.</summary>
    private static IEnumerable<int> Places()
        => Enumerable.Range(0, Size / Step).Select(i => 2 + (i * Step)).Concat([2, 255, 256, 257, Size - 1, Size]).Where(place => place <= Size).Distinct();

    /// <summary>One entry of each kind, somewhere in the middle.</summary>
    private static IEnumerable<int> OfEveryKind(TamperedLog log)
        => log.Entries.Skip(Size / 3).GroupBy(e => LogEntryParser.Parse(e.Canonical.Span).Body.Kind).Select(kind => (int)kind.First().Seq);

    private static string? Undetected(TamperedLog log, string change, int place)
    {
        var sql = Sql(change, place);
        if (log.Check(sql, withKey: true, withCheckpoint: change == "truncate").Findings.Count != 1)
        {
            return "fsck with the chain's key";
        }

        // The chain value is the key holder's alone: the tree does not contain it.
        var isTree = change != "mutate the chain value";
        if (isTree && log.Check(sql, withKey: false, withCheckpoint: true).Findings.Count != 1)
        {
            return "fsck with a checkpoint";
        }

        return !isTree ? null : Outside(log, change, place);
    }

    private static string Sql(string change, int place)
    {
        var other = place == Size ? place - 1 : place + 1;
        return change switch
        {
            "mutate" => $"UPDATE log_entries SET entry = replace(entry, 'agent_1', 'agent_2') WHERE seq = {place}",
            "mutate the chain value" => $"UPDATE log_entries SET hash = zeroblob(32) WHERE seq = {place}",
            "delete" => $"DELETE FROM log_entries WHERE seq = {place}",
            "reorder" => $"UPDATE log_entries SET seq = -1 WHERE seq = {place}; UPDATE log_entries SET seq = {place} WHERE seq = {other}; UPDATE log_entries SET seq = {other} WHERE seq = -1",
            // Whoever can write the file also puts head and tiles where they fit the shorter log.
            "truncate" => $"DELETE FROM log_entries WHERE seq >= {place}; UPDATE log_heads SET seq = {place - 1}, hash = (SELECT hash FROM log_entries WHERE seq = {place - 1});"
                + $"DELETE FROM log_tiles WHERE level = 0 AND (idx + 1) * 256 > {place - 1}",
            _ => $"UPDATE log_entries SET entry = replace(replace(entry, 'agent_1', 'agent_3'), 'crm/', 'erp/') WHERE seq >= {place}",
        };
    }

    /// <summary>The operator signs the changed log, gone on a little, with the real key and offers the best proof there is.</summary>
    private static string? Outside(TamperedLog log, string change, int place)
    {
        var leaves = Changed(log.Leaves, change, place);
        var root = MerkleTree.RootOf(leaves);
        var old = log.Checkpoint.Checkpoint;
        var note = new Checkpoint(old.Origin, leaves.Count, root).Sign(new NoteSigner(log.Key, log.NoteKey));
        var shorter = leaves.Count < old.Size;
        IReadOnlyList<IReadOnlyList<byte[]>> proofs = shorter
            ? [[], MerkleTree.ConsistencyPath(log.Leaves, leaves.Count)]
            : [MerkleTree.ConsistencyPath(leaves, (int)old.Size), []];
        foreach (var proof in proofs)
        {
            if (MerkleProof.TryConcat(proof, out var path)
                && MerkleProof.VerifyConsistency(old.Size, leaves.Count, old.Root.Span, root, path))
            {
                return "a client with an old checkpoint";
            }

            foreach (var oldSize in new[] { old.Size, 0, leaves.Count })
            {
                if (AddCheckpointRequest.TryParse(AddCheckpointRequest.Format(oldSize, proof, note.ToBytes()), out var request, out _)
                    && WitnessRules.Decide(request, [log.NoteKey], new WitnessedLog(old.Size, old.Root)) is WitnessOutcome.Accepted)
                {
                    return "a witness";
                }
            }
        }

        return null;
    }

    private static List<byte[]> Changed(List<byte[]> leaves, string change, int place)
    {
        var changed = leaves.ToList();
        var (at, other) = (place - 1, place == Size ? place - 2 : place);
        switch (change)
        {
            case "mutate":
                changed[at] = MerkleHash.Leaf("changed"u8);
                break;
            case "delete":
                changed.RemoveAt(at);
                break;
            case "reorder":
                (changed[at], changed[other]) = (changed[other], changed[at]);
                break;
            case "truncate":
                changed.RemoveRange(at, changed.Count - at);
                return changed;
            default:
                for (var i = at; i < changed.Count; i++)
                {
                    changed[i] = MerkleHash.Leaf(changed[i]);
                }

                break;
        }

        changed.AddRange(Enumerable.Range(0, 7).Select(i => MerkleHash.Leaf([(byte)i])));
        return changed;
    }
}
