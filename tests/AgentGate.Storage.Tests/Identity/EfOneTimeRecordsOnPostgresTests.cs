using AgentGate.Identity;
using AgentGate.Loopback;
using AgentGate.Storage.Identity;
using AgentGate.Storage.Tests.Conformance;

namespace AgentGate.Storage.Tests.Identity;

public sealed class EfOneTimeRecordsOnPostgresTests : OneTimeRecordsConformance
{
    private PostgresTestDatabase? _database;

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        if (_database is not null)
        {
            await _database.DisposeAsync();
        }
    }

    private protected override async Task<IOneTimeRecords> CreateAsync() => new EfOneTimeRecords((_database ??= await PostgresTestDatabase.CreateAsync()).Contexts, TestIdentity.Cipher);
}
