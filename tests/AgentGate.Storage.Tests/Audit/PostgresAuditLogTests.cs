using AgentGate.Audit;
using AgentGate.Loopback;
using AgentGate.Storage.Tests.Conformance;

namespace AgentGate.Storage.Tests.Audit;

public sealed class PostgresAuditLogTests : SharedAuditLogConformance
{
    private readonly List<PostgresRecorderBench> _processes = [];
    private readonly EphemeralSigningKeys _signing = PostgresRecorderBench.SigningKeys();
    private PostgresTestDatabase? _database;

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        foreach (var process in _processes)
        {
            await process.DisposeAsync();
        }

        if (_database is not null)
        {
            await _database.DisposeAsync();
        }

        _signing.Dispose();
    }

    private protected override async Task<IAuditLog> CreateAsync()
    {
        _database = await PostgresTestDatabase.CreateAsync();
        return await CreateOtherAsync(TimeSpan.FromMinutes(1));
    }

    private protected override async Task<ISharedAuditLog> CreateOtherAsync(TimeSpan lease)
    {
        var process = await PostgresRecorderBench.StartAsync(_database!, _signing, new AuditOptions { InstanceLease = lease });
        _processes.Add(process);
        return process.Log;
    }
}
