using AgentGate.Audit;
using AgentGate.Storage.Audit;
using AgentGate.Storage.Tests.Conformance;
using Microsoft.Extensions.Logging.Abstractions;

namespace AgentGate.Storage.Tests.Audit;

public sealed class SqliteAuditLogTests : AuditLogConformance
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

    private protected override async Task<IAuditLog> CreateAsync()
    {
        _database = await TemporaryDatabase.CreateAsync();
        return _log = new SqliteAuditLog(_database.Database, new AuditOptions(), TimeProvider.System, NullLogger<SqliteAuditLog>.Instance);
    }
}
