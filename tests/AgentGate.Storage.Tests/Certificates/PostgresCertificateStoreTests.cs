using AgentGate.Audit;
using AgentGate.Certificates;
using AgentGate.Loopback;
using AgentGate.Storage.Cluster.Certificates;
using AgentGate.Storage.Tests.Audit;
using AgentGate.Storage.Tests.Conformance;

namespace AgentGate.Storage.Tests.Certificates;

public sealed class PostgresCertificateStoreTests : CertificateStoreConformance
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

    private protected override async Task<(ICertificateStore Store, IAuditLog Log)> CreateAsync()
    {
        _database = await PostgresTestDatabase.CreateAsync();
        _process = await PostgresRecorderBench.StartAsync(_database, _signing);
        return (new PostgresCertificateStore(_database.Database, _process.Cipher), _process.Log);
    }
}
