using Microsoft.EntityFrameworkCore;

namespace AgentGate.Storage;

/// <summary>Makes the SQLite file ready.</summary>
internal sealed class EmbeddedStorageInitializer(SqliteDatabase database, ITenantContexts contexts) : IStorageInitializer
{
    public async Task InitializeAsync(CancellationToken cancellationToken)
    {
        database.CreateFile();
        await using (database.Open("FULL"))
        {
            // WAL mode is a property of the file: set here, it holds for every connection after this one.
        }

        await using var context = await contexts.OpenSystemAsync(cancellationToken);
        await context.Database.MigrateAsync(cancellationToken);
    }
}
