using AgentGate.Audit;
using AgentGate.Loopback;
using AgentGate.Storage.Cluster.Audit;
using AgentGate.Storage.Tests.Conformance;

namespace AgentGate.Storage.Tests.Audit.Tiles;

public sealed class PostgresLogTilesTests : LogTilesConformance
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

    private protected override async Task<ILogTiles> CreateAsync()
    {
        _database = await PostgresTestDatabase.CreateAsync();
        return new PostgresLogTiles(_database.Database);
    }
}
