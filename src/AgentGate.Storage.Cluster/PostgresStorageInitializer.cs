using AgentGate.Diagnostics;
using AgentGate.Storage.Cluster.Connections;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace AgentGate.Storage.Cluster;

/// <summary>
/// Makes the database ready: migrations as the tables' owner, one process at a time, then the two roles that servers work under and
/// what they may see. Idempotent. What is not as it must be stops the start with a sentence.
/// </summary>
/// <param name="database">The database.</param>
/// <param name="migrate">Whether to migrate; else the database has to be as new as the program.</param>
internal sealed class PostgresStorageInitializer(PostgresDatabase database, bool migrate = true) : IStorageInitializer
{
    /// <summary>The advisory lock of migrations: "AgentGat" in ASCII.</summary>
    private const long MigrationLock = 0x4167656E74476174;

    private const int RightsAttempts = 20;

    private const string NoTable = PostgresErrorCodes.UndefinedTable;

    public async Task InitializeAsync(CancellationToken cancellationToken)
    {
        if (migrate)
        {
            await MigrateAsync(cancellationToken);
        }

        // As servers will work: under both roles, with their own login, on what was migrated and nothing else.
        await using (var connection = await PostgresFaults.OpenAsync(database, database.System, cancellationToken))
        {
            await CheckAsync(connection, cancellationToken);
        }

        foreach (var (source, role) in new[]
        {
            (database.System, PostgresDatabase.SystemRole), (database.Upkeep, PostgresDatabase.SystemRole),
            (database.Tenants, PostgresDatabase.TenantRole), (database.Listening, PostgresDatabase.TenantRole),
        })
        {
            await PostgresRoleCheck.RequireAsync(database, source, role, cancellationToken);
        }
    }

    /// <summary>Migrates.</summary>
    /// <returns>The migrations that were applied.</returns>
    /// <exception cref="InvalidOperationException">The database cannot be migrated; the message says what to do.</exception>
    public async Task<IReadOnlyList<string>> MigrateAsync(CancellationToken cancellationToken)
    {
        await using var connection = await PostgresFaults.OpenAsync(database, database.Owner, cancellationToken);
        await ExecuteAsync(connection, $"SELECT pg_advisory_lock({MigrationLock})", cancellationToken);
        try
        {
            await using var context = new AgentGateDbContext(PostgresContexts.Options(database.Owner));
            RefuseNewer(await AppliedAsync(connection, cancellationToken), [.. context.Database.GetMigrations()]);
            var pending = (await context.Database.GetPendingMigrationsAsync(cancellationToken)).ToList();
            context.Database.SetCommandTimeout(TimeSpan.FromMinutes(30));
            if (pending.Count > 0)
            {
                await context.Database.MigrateAsync(cancellationToken);
            }

            await MakeRolesAsync(connection, cancellationToken);
            return pending;
        }
        catch (PostgresException refused) when (refused.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
            throw new InvalidOperationException(
                $"{Codes.SchemaNotOwned}: the login \"{database.OwnerUser}\" may not make tables in {database.Name}: {refused.MessageText}. "
                + $"Its administrator runs ALTER DATABASE \"{database.DatabaseName}\" OWNER TO \"{database.OwnerUser}\"; or set DATABASE_OWNER_URL to the owner's login.",
                refused);
        }
        finally
        {
            await ExecuteAsync(connection, $"SELECT pg_advisory_unlock({MigrationLock})", CancellationToken.None);
        }
    }

    private async Task MakeRolesAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        try
        {
            await MakeRightsAsync(connection, cancellationToken);
            if (database.HasOwnerLogin && database.User.Length > 0)
            {
                await ExecuteAsync(connection, PostgresRoles.GrantTo(database.User), cancellationToken);
            }
        }
        catch (PostgresException refused) when (refused.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
            if (database.User != database.OwnerUser && await IsMemberAsync(connection, cancellationToken))
            {
                return;
            }

            throw new InvalidOperationException(
                $"{Codes.RolesMissing}: the login \"{database.OwnerUser}\" may not make the roles AgentGate works under in {database.Name}: {refused.MessageText}. {PostgresFaults.RolesSql(database)}",
                refused);
        }
    }

    /// <summary>
    /// Other servers may be at work on the same tables: no statement waits long for one, since whoever comes after it would wait with it,
    /// and what met their locks is tried again as a whole.
    /// </summary>
    private static async Task MakeRightsAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await ExecuteAsync(connection, $"BEGIN; SET LOCAL lock_timeout = '2s'; {PostgresRoles.Sql}; COMMIT", cancellationToken);
                return;
            }
            catch (PostgresException met) when (attempt < RightsAttempts
                && met.SqlState is PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.InternalError)
            {
                // "Tuple concurrently updated", the answer to two GRANTs at once on what all databases share, has no code of its own.
                await ExecuteAsync(connection, "ROLLBACK", cancellationToken);
            }
            catch (PostgresException)
            {
                await ExecuteAsync(connection, "ROLLBACK", CancellationToken.None);
                throw;
            }
        }
    }

    /// <summary>Whether an administrator made the server's login a member already.</summary>
    private async Task<bool> IsMemberAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            "SELECT count(*) FROM pg_auth_members m JOIN pg_roles r ON r.oid = m.roleid JOIN pg_roles u ON u.oid = m.member WHERE r.rolname IN ($1, $2) AND u.rolname = $3",
            connection);
        command.Parameters.Add(new() { Value = PostgresDatabase.TenantRole });
        command.Parameters.Add(new() { Value = PostgresDatabase.SystemRole });
        command.Parameters.Add(new() { Value = database.User });
        return await command.ExecuteScalarAsync(cancellationToken) is 2L;
    }

    private async Task CheckAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var context = new AgentGateDbContext(PostgresContexts.Options(database.System));
        var known = context.Database.GetMigrations().ToList();
        var applied = await AppliedAsync(connection, cancellationToken);
        RefuseNewer(applied, known);
        if (known.Except(applied).ToList() is { Count: > 0 } pending)
        {
            throw new InvalidOperationException(
                $"{Codes.MigrationsPending}: the database {database.Name} lacks {pending.Count} migrations of this program (the first: {pending[0]}){(migrate ? ", after they were applied: the owner's login reaches another database" : " and AgentGate:Database:MigrateOnStart is false")}. "
                + "Run agentgate db migrate with the owner's login, then start the servers.");
        }
    }

    private void RefuseNewer(IReadOnlyList<string> applied, IReadOnlyList<string> known)
    {
        if (applied.Except(known).ToList() is { Count: > 0 } newer)
        {
            throw new InvalidOperationException(
                $"{Codes.SchemaNewer}: the database {database.Name} was migrated by a newer program ({newer[^1]}). Start that one, or restore the database from before.");
        }
    }

    private static async Task<IReadOnlyList<string>> AppliedAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        try
        {
            await using var command = new NpgsqlCommand("SELECT \"MigrationId\" FROM \"__EFMigrationsHistory\" ORDER BY 1", connection);
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            var applied = new List<string>();
            while (await reader.ReadAsync(cancellationToken))
            {
                applied.Add(reader.GetString(0));
            }

            return applied;
        }
        catch (PostgresException nothing) when (nothing.SqlState == NoTable)
        {
            return [];
        }
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 600 };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
