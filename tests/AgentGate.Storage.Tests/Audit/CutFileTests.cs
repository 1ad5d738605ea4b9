using System.Globalization;
using AgentGate.Audit;
using AgentGate.Kernel.Transparency;
using AgentGate.Pipeline;
using Microsoft.Data.Sqlite;

namespace AgentGate.Storage.Tests.Audit;

/// <summary>
/// Loss of writes that were not synced: the files of a recorded run are cut at sampled bytes (<c>./run crash</c>: at every byte). What
/// starts afterwards verifies and has every acknowledged entry; what lost one does not start. SQLite is asked at every cut what it
/// recovers; a server is started for each different answer, and whenever the last page of the database is cut.
/// </summary>
public sealed class CutFileTests(ITestOutputHelper output)
{
    private static int Step { get; } = int.TryParse(
        Environment.GetEnvironmentVariable("AGENTGATE_CUT_STEP"), NumberStyles.None, CultureInfo.InvariantCulture, out var step) && step > 0 ? step : 0;

    /// <summary>At every so many cuts that SQLite itself refuses a server is started, to see that it refuses too.</summary>
    private const int SampledStarts = 5000;

    [Theory]
    [InlineData(AuditDurability.Commit)]
    [InlineData(AuditDurability.Write)]
    public async Task A_write_ahead_log_cut_anywhere_loses_nothing_that_was_synced(AuditDurability durability)
    {
        var keys = new EphemeralSigningKeys(new SystemIdSource(TimeProvider.System));
        await using var database = await TemporaryDatabase.CreateAsync();
        var marks = await RecordAsync(database, durability, keys);
        var (wal, start) = (await File.ReadAllBytesAsync(database.Database.Path + "-wal"), marks[0].Length);
        var (cuts, refused) = (0, 0);
        var starts = new Dictionary<string, long?>(StringComparer.Ordinal);
        using var state = new RecoveredState(await File.ReadAllBytesAsync(database.Database.Path), wal);
        foreach (var length in Cuts(start, wal.Length, marks).OrderDescending())
        {
            cuts++;

            // What is synced by then: under `commit` every acknowledged entry, under `write` what a checkpoint was signed for.
            var known = marks.LastOrDefault(mark => mark.Length <= length && (mark.IsCheckpoint || durability == AuditDurability.Commit));
            var signed = marks.LastOrDefault(mark => mark.IsCheckpoint && mark.Length <= length)?.Entries ?? 0;
            var recovered = string.Create(CultureInfo.InvariantCulture, $"{state.OfWal(length)}, checkpoint of {signed}");
            if (!starts.TryGetValue(recovered, out var found))
            {
                using var copy = new CutCopy(database, wal.AsSpan(0, (int)length), null, marks, length);
                starts[recovered] = found = await copy.StartAsync(keys);
                refused += found is null ? 1 : 0;
            }

            Assert.True(found >= (known?.Entries ?? 0), $"cut at byte {length}: {found?.ToString(CultureInfo.InvariantCulture) ?? "no start"}, {known} was acknowledged.");
            if (cuts % 50_000 == 0)
            {
                output.WriteLine($"{durability}: {cuts} cuts, {starts.Count} different states, byte {length} of {wal.Length}");
            }
        }

        output.WriteLine($"{durability}: cut at {cuts} places of {wal.Length - start} bytes, {starts.Count} different states started, {refused} starts refused");
        Assert.Equal(0, refused);
    }

    [Fact]
    public async Task A_database_cut_anywhere_starts_whole_or_not_at_all()
    {
        var keys = new EphemeralSigningKeys(new SystemIdSource(TimeProvider.System));
        await using var database = await TemporaryDatabase.CreateAsync();
        var marks = await RecordAsync(database, AuditDurability.Commit, keys);

        // Folded into the database: the write-ahead log is empty, every byte of the database was synced, and its loss must be noticed.
        database.Execute("PRAGMA wal_checkpoint(TRUNCATE)");
        var bytes = await File.ReadAllBytesAsync(database.Database.Path);
        var (cuts, started, refused) = (0, 0, 0);
        var step = Step == 0 ? Math.Max(1, bytes.Length / 60) : Step;
        var errors = new Dictionary<string, int>(StringComparer.Ordinal);
        using var state = new RecoveredState(bytes, []);
        for (var length = (long)bytes.Length - 1; length >= 0; length -= step)
        {
            // The empty file is a database that was never made, not one that lost something: a checkpoint of it is what stops the start.
            cuts++;
            var error = state.OfDatabase(length);
            var seen = error is null ? 0 : errors[error] = errors.GetValueOrDefault(error) + 1;
            if (error is not null && seen % SampledStarts != 1)
            {
                // SQLite reads nothing from it at all, so neither does the server: seen at every so many of these cuts.
                refused++;
                continue;
            }

            started++;
            using var copy = new CutCopy(database, [], bytes.AsMemory(0, (int)length), marks, long.MaxValue);
            var found = await copy.StartAsync(keys);
            refused += found is null ? 1 : 0;
            Assert.True(found is null || found == marks[^1].Entries, $"cut at byte {length}: started with {found} of {marks[^1].Entries} entries.");
            Assert.True(error is null || found is null, $"cut at byte {length}: SQLite says {error}, and the server started.");
        }

        output.WriteLine($"database: cut at {cuts} places of {bytes.Length} bytes, {started} starts tried, {refused} cuts refused, {string.Join("; ", errors.Select(e => $"{e.Key}: {e.Value}"))}");
        Assert.True(refused > 0);
    }

    /// <summary>Every step, and around each mark, where most can go wrong.</summary>
    private static IEnumerable<long> Cuts(long start, long end, List<Mark> marks)
    {
        var step = Step == 0 ? Math.Max(200, (end - start) / 60 / 200 * 200) : Step;
        return Enumerable.Range(0, (int)((end - start) / step) + 1).Select(i => start + ((long)i * step))
            .Concat(marks.TakeLast(3).SelectMany(mark => new[] { mark.Length - 1, mark.Length, mark.Length + 1 }))
            .Where(length => length >= start && length <= end).Distinct();
    }

    private static async Task<List<Mark>> RecordAsync(TemporaryDatabase database, AuditDurability durability, ISigningKeys keys)
    {
        var bench = await new SqliteRecorderBench(database, durability, signing: keys).FilledAsync(250);
        var wal = database.Database.Path + "-wal";
        var marks = new List<Mark> { new(new FileInfo(wal).Length, 250, false, null) };
        for (var i = 1; i <= 12; i++)
        {
            await bench.AppendAsync(EntryKind.Intent, $"call-{i}");
            marks.Add(new Mark(new FileInfo(wal).Length, 250 + i, false, null));
            if (i % 4 == 0)
            {
                var published = (await bench.Publisher.PublishAsync("a", default))!;
                marks.Add(new Mark(new FileInfo(wal).Length, 250 + i, true, published));
            }
        }

        // The copy is taken while everything is open: closing would fold the log into the database.
        File.Copy(wal, wal + ".kept");
        File.Copy(database.Database.Path, database.Database.Path + ".kept");
        await bench.DisposeAsync();
        SqliteConnection.ClearAllPools();
        File.Move(database.Database.Path + ".kept", database.Database.Path, overwrite: true);
        File.Move(wal + ".kept", wal, overwrite: true);
        return marks;
    }

    /// <param name="Length">How long the write-ahead log was.</param>
    /// <param name="Entries">How many entries were acknowledged.</param>
    /// <param name="IsCheckpoint">Whether a checkpoint was signed here.</param>
    /// <param name="Checkpoint">That checkpoint.</param>
    private sealed record Mark(long Length, long Entries, bool IsCheckpoint, LogCheckpoint? Checkpoint);

    /// <summary>The files as a power cut might leave them.</summary>
    private sealed class CutCopy : IDisposable
    {
        private readonly TemporaryDatabase _copy;

        public CutCopy(TemporaryDatabase from, ReadOnlySpan<byte> wal, ReadOnlyMemory<byte>? database, List<Mark> marks, long length)
        {
            _copy = TemporaryDatabase.Empty();
            Directory.CreateDirectory(_copy.Folder);
            if (database is { } bytes)
            {
                File.WriteAllBytes(_copy.Database.Path, bytes.Span);
            }
            else
            {
                File.Copy(from.Database.Path, _copy.Database.Path);
                File.WriteAllBytes(_copy.Database.Path + "-wal", wal);
            }

            if (marks.LastOrDefault(mark => mark.IsCheckpoint && mark.Length <= length)?.Checkpoint is { } signed)
            {
                new CheckpointFiles(Path.Combine(_copy.Folder, "checkpoints")).Write(signed.Checkpoint.Origin, signed.Note.Span);
            }
        }

        /// <summary>Starts on what is left.</summary>
        /// <returns>How many entries there are and verify; <see langword="null"/> where the server does not start.</returns>
        public async Task<long?> StartAsync(ISigningKeys keys)
        {
            await using var bench = new SqliteRecorderBench(_copy, signing: keys);
            try
            {
                await bench.Publisher.InitializeAsync(default);
                await bench.Recorder.InitializeAsync(default);
            }
            catch (Exception refused) when (refused is InvalidOperationException or SqliteException)
            {
                return null;
            }

            // Open intents were closed: each of those is an entry more.
            var entries = await bench.ReadAsync();
            Assert.True((await bench.VerifyAsync()).Valid);
            Assert.Empty(bench.Fsck().Findings);
            var intents = entries.Count(e => e.Kind == EntryKind.Intent);
            Assert.Equal(intents, entries.Count(e => e.Kind == EntryKind.Outcome));
            return entries.Length - intents;
        }

        public void Dispose() => _copy.DisposeAsync().AsTask().GetAwaiter().GetResult();
    }
}
