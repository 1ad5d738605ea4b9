using AgentGate.Audit;
using AgentGate.Storage.Audit;
using AgentGate.Storage.Tests.Conformance;

namespace AgentGate.Storage.Tests.Audit.Tiles;

public sealed class SqliteLogTilesTests : LogTilesConformance
{
    private TemporaryDatabase? _database;

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
        _database = await TemporaryDatabase.CreateAsync();
        return new SqliteLogTiles(_database.Database);
    }
}
