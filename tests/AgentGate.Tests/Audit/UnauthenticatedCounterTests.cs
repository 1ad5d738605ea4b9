using AgentGate.Audit;
using AgentGate.Kernel.Transparency;

namespace AgentGate.Tests.Audit;

public sealed class UnauthenticatedCounterTests
{
    [Fact]
    public async Task A_flood_becomes_one_entry_per_source_and_minute()
    {
        await using var bench = new RecorderBench();
        var counter = Counter(bench);
        for (var i = 0; i < 1000; i++)
        {
            counter.Count("192.0.2.1");
        }

        counter.Count("192.0.2.2");
        await counter.FlushAsync(all: false, default);
        Assert.Empty(await bench.ReadAsync("system"));

        bench.Time.Advance(TimeSpan.FromMinutes(1));
        counter.Count("192.0.2.1");
        await counter.FlushAsync(all: false, default);

        var entries = await bench.ReadAsync("system");
        Assert.All(entries, e => Assert.Equal(EntryKind.Unauthenticated, e.Kind));
        Assert.Equal([1, 1000], entries.Select(e => e.Count!.Value).Order());
        await counter.FlushAsync(all: true, default);
        Assert.Equal(3, (await bench.ReadAsync("system")).Length);
    }

    [Fact]
    public async Task A_source_is_kept_only_as_a_keyed_pseudonym()
    {
        await using var bench = new RecorderBench();
        var counter = Counter(bench);
        counter.Count("192.0.2.1");
        await counter.FlushAsync(all: true, default);

        var stored = Assert.Single(await bench.Log.ReadChainAsync("system", 1, null, default).ToListAsync());
        Assert.DoesNotContain("192.0.2.1", System.Text.Encoding.UTF8.GetString(stored.Canonical.Span), StringComparison.Ordinal);
        Assert.StartsWith("source_", Assert.Single(await bench.ReadAsync("system")).Principal, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sources_beyond_the_bound_are_counted_together()
    {
        await using var bench = new RecorderBench();
        var counter = Counter(bench);
        for (var i = 0; i < UnauthenticatedCounter.MaxSources + 50; i++)
        {
            counter.Count($"source {i}");
        }

        await counter.FlushAsync(all: true, default);
        var entries = await bench.ReadAsync("system");
        Assert.Equal(UnauthenticatedCounter.MaxSources + 1, entries.Length);
        Assert.Equal(UnauthenticatedCounter.MaxSources + 50, entries.Sum(e => e.Count));
    }

    [Fact]
    public async Task What_could_not_be_appended_is_not_forgotten()
    {
        await using var bench = new RecorderBench();
        var counter = Counter(bench);
        counter.Count("x");
        bench.Log.Failure = new IOException();
        await Assert.ThrowsAsync<AuditUnavailableException>(() => counter.FlushAsync(all: true, default));

        bench.Log.Failure = null;
        await counter.FlushAsync(all: true, default);
        Assert.Equal(1, Assert.Single(await bench.ReadAsync("system")).Count);
    }

    private static UnauthenticatedCounter Counter(RecorderBench bench) => new(bench.Recorder, bench.Keys, bench.Time, bench.Ids);
}
