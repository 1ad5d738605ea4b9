using AgentGate.Audit;
using AgentGate.Pipeline;
using AgentGate.Storage.Audit;
using AgentGate.Storage.Tests.Conformance;
using AgentGate.Storage.Traces;
using AgentGate.Traces;
using Microsoft.Extensions.Logging.Abstractions;

namespace AgentGate.Storage.Tests.Traces;

public sealed class SqliteTraceStoreTests : TraceStoreConformance
{
    private TemporaryDatabase? _database;
    private SqliteAuditLog? _log;

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _log?.Dispose();
        if (_database is not null)
        {
            await _database.DisposeAsync();
        }
    }

    private protected override async Task<(ITraceStore Store, Func<CallTrace, Task> Add)> CreateAsync(int capacity)
    {
        _database = await TemporaryDatabase.CreateAsync();
        var log = _log = new SqliteAuditLog(
            _database.Database, new AuditOptions { MaxTraces = capacity }, TimeProvider.System, NullLogger<SqliteAuditLog>.Instance);
        return (new SqliteTraceStore(_database.Database), async trace =>
        {
            var batch = new AuditBatch();
            batch.Traces.Add(trace);
            await log.AppendAsync(batch, default);
        });
    }
}
