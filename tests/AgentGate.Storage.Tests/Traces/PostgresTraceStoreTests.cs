using AgentGate.Audit;
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

    private protected override async Task<(ITraceStore Store, Func<CallTrace, Task> Add)> CreateAsync(int capacity)
    {
        _database = await PostgresTestDatabase.CreateAsync();
        var process = _process = await PostgresRecorderBench.StartAsync(_database, _signing, new AuditOptions { MaxTraces = capacity });
        return (new PostgresTraceStore(_database.Database), async trace =>
        {
            var batch = new AuditBatch();
            batch.Traces.Add(trace);
            await process.Log.AppendAsync(batch, default);
        });
    }
}
