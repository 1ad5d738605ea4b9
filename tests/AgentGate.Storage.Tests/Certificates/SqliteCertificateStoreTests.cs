using AgentGate.Audit;
using AgentGate.Certificates;
using AgentGate.Pipeline;
using AgentGate.Storage.Audit;
using AgentGate.Storage.Certificates;
using AgentGate.Storage.Tests.Audit;
using AgentGate.Storage.Tests.Conformance;
using Microsoft.Extensions.Logging.Abstractions;

namespace AgentGate.Storage.Tests.Certificates;

public sealed class SqliteCertificateStoreTests : CertificateStoreConformance
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

    private protected override async Task<(ICertificateStore Store, IAuditLog Log)> CreateAsync()
    {
        _database = await TemporaryDatabase.CreateAsync();
        var cipher = new EvidenceCipher(new PostgresRecorderBench.MasterKey(), new SystemIdSource(TimeProvider.System));
        _log = new SqliteAuditLog(_database.Database, new AuditOptions(), TimeProvider.System, NullLogger<SqliteAuditLog>.Instance, cipher);
        return (new SqliteCertificateStore(_database.Database, cipher), _log);
    }
}
