using AgentGate.Audit;
using AgentGate.Kernel.Decisions;
using AgentGate.Loopback;
using AgentGate.Pipeline;
using AgentGate.Storage.Cluster.Traces;
using AgentGate.Storage.Tests.Audit;
using AgentGate.Storage.Tests.Conformance;
using AgentGate.Traces;

namespace AgentGate.Storage.Tests.Traces;

public sealed class PostgresTraceStoreTests : TraceStoreConformance
{
    private readonly EphemeralSigningKeys _signing = PostgresRecorderBench.SigningKeys();
    private PostgresTestDatabase? _database;
    private PostgresRecorderBench? _process;

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }

        if (_database is not null)
        {
            await _database.DisposeAsync();
        }

        _signing.Dispose();
    }

    [Fact]
    public async Task A_name_with_a_character_that_PostgreSQL_cannot_hold_is_stored_as_it_was_and_stops_nobodys_batch()
    {
        var (store, add) = await CreateAsync(100);
        var trace = new CallTrace
        {
            CallId = "1", Tenant = "a", Door = "openai.chat", Principal = "p", Action = GateActions.CallModel, Resource = EntityRef.Model("m\0x"),
            StartedAt = DateTimeOffset.UnixEpoch, Duration = TimeSpan.Zero, Decision = DecisionKind.Allow, Sent = "s\0t",
        };

        await add(trace);
        await add(trace with { CallId = "2", Resource = EntityRef.Model("m") });

        var found = await store.FindAsync("a", "1", default);
        Assert.Equal(("m\0x", "s\0t"), (found!.Resource.Id, found.Sent));

        // The column that lists go by has a sign in its place, and no other name is taken for it.
        Assert.Equal("1", Assert.Single(await store.ListAsync(new TraceQuery { Tenant = "a", Resource = "m\uFFFDx" }, default)).CallId);
        Assert.Equal("2", Assert.Single(await store.ListAsync(new TraceQuery { Tenant = "a", Resource = "m" }, default)).CallId);
    }

    private protected override async Task<(ITraceStore Store, Func<CallTrace, Task> Add)> CreateAsync(int capacity)
    {
        _database = await PostgresTestDatabase.CreateAsync();
        var process = _process = await PostgresRecorderBench.StartAsync(_database, _signing, new AuditOptions { MaxTraces = capacity, InstanceLease = TimeSpan.FromMinutes(10) });
        return (new PostgresTraceStore(_database.Database), async trace =>
        {
            var batch = new AuditBatch();
            batch.Traces.Add(trace);
            await process.Log.AppendAsync(batch, default);
        });
    }
}
