using System.Diagnostics;
using System.Globalization;
using AgentGate.Diagnostics;
using AgentGate.Storage.Audit;
using AgentGate.Storage.Cluster.Connections;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using NpgsqlTypes;

namespace AgentGate.Storage.Cluster.Copying;

/// <summary>
/// Moves the file of an embedded server into PostgreSQL: every table, the log byte for byte, in one transaction that is kept only
/// when every row compares equal and every log verifies. The file is read and not changed. Not thread-safe; used once.
/// </summary>
internal sealed class DatabaseCopy(string file, PostgresDatabase target, FsckMaterial material, Action<string> progress)
{
    private const int ProgressEvery = 100_000;

    private readonly IReadOnlyList<CopiedTable> _tables = CopyPlan.Tables();

    private IEnumerable<string> EmptyBefore => _tables.Select(table => table.Name).Concat(CopyPlan.OfServers);

    /// <summary>Copies and verifies.</summary>
    /// <exception cref="InvalidOperationException">Source or target is not fit, or what was copied does not verify; nothing was kept.</exception>
    public async Task<CopyReport> RunAsync(CancellationToken cancellationToken)
    {
        await using var source = LogFsck.Open(file);
        await using var snapshot = source.BeginTransaction(deferred: true);
        RefuseOther(source);
        foreach (var migration in await new PostgresStorageInitializer(target).MigrateAsync(cancellationToken))
        {
            progress($"migrated: {migration}");
        }

        await using var alone = await new ServerPresence(target).ExcludeAsync(cancellationToken);
        await using var connection = await PostgresFaults.OpenAsync(target, target.Owner, cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await ReleaseAsync(connection, cancellationToken);
        await RefuseFilledAsync(connection, cancellationToken);

        var watch = Stopwatch.StartNew();
        var rows = new List<(string, long)>();
        foreach (var table in _tables)
        {
            rows.Add((table.Name, await CopyAsync(source, connection, table, cancellationToken)));
        }

        var copied = watch.Elapsed;
        watch.Restart();
        progress("comparing every row ...");
        foreach (var table in _tables)
        {
            await CompareAsync(source, connection, table, cancellationToken);
        }

        var compared = watch.Elapsed;
        watch.Restart();
        progress("verifying logs and certificates ...");
        var logs = new LogFsck(connection, material with { Progress = progress }).RunIn();
        if (logs.Findings.Count > 0)
        {
            throw Differs($"the log does not verify: {logs.Findings[0]}. Nothing was kept. agentgate log fsck says the same of the file, if it was so before");
        }

        await SecureAsync(connection, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        await ExecuteAsync(connection, "ANALYZE", cancellationToken);
        return new CopyReport(rows, copied, compared, watch.Elapsed, logs);
    }

    /// <summary>The file must be of this program's version: tables and columns are taken by name.</summary>
    private void RefuseOther(SqliteConnection source)
    {
        using var context = new AgentGateDbContext(new DbContextOptionsBuilder<AgentGateDbContext>().UseSqlite("Data Source=nowhere").Options);
        using var command = source.CreateCommand();
        command.CommandText = "SELECT MigrationId FROM __EFMigrationsHistory";
        var applied = new List<string>();
        try
        {
            using var reader = command.ExecuteReader();
            while (reader.Read())
            {
                applied.Add(reader.GetString(0));
            }
        }
        catch (SqliteException refused)
        {
            throw new InvalidOperationException($"{Codes.CopyRefused}: {file} is not a database of AgentGate ({refused.Message}).", refused);
        }

        var known = context.Database.GetMigrations().ToList();
        if (known.Except(applied).Any())
        {
            throw new InvalidOperationException($"{Codes.CopyRefused}: {file} is older than this program. Start this version's server on it once, stop it, and copy then.");
        }

        if (applied.Except(known).Any())
        {
            throw new InvalidOperationException($"{Codes.CopyRefused}: {file} was written by a newer program. Copy with that one.");
        }
    }

    /// <summary>For this transaction the owner is let through the row-level security that is forced on it: COPY cannot go through it.</summary>
    private async Task ReleaseAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        foreach (var table in EmptyBefore)
        {
            await ExecuteAsync(connection, $"ALTER TABLE \"{table}\" NO FORCE ROW LEVEL SECURITY", cancellationToken);
        }
    }

    private async Task SecureAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        foreach (var column in _tables.SelectMany(table => table.Columns.Where(column => column.IsGenerated).Select(column => (table.Name, Column: column.Name))))
        {
            await ExecuteAsync(
                connection,
                $"SELECT setval(pg_get_serial_sequence('{column.Name}', '{column.Column}'), (SELECT max(\"{column.Column}\") FROM \"{column.Name}\"))",
                cancellationToken);
        }

        await ExecuteAsync(connection, PostgresRoles.Sql, cancellationToken);
    }

    private async Task RefuseFilledAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        foreach (var table in EmptyBefore)
        {
            await using var command = new NpgsqlCommand($"SELECT EXISTS (SELECT 1 FROM \"{table}\")", connection);
            if (await command.ExecuteScalarAsync(cancellationToken) is true)
            {
                throw new InvalidOperationException(
                    $"{Codes.CopyRefused}: {target.Name} holds rows already (the table {table}): servers worked on it, or something was copied. Copy into an empty database: CREATE DATABASE … OWNER \"{target.OwnerUser}\";");
            }
        }
    }

    private async Task<long> CopyAsync(SqliteConnection source, NpgsqlConnection connection, CopiedTable table, CancellationToken cancellationToken)
    {
        using var command = source.CreateCommand();
        command.CommandText = table.SelectInOrder;
        using var reader = command.ExecuteReader();
        var rows = 0L;
        try
        {
            await using var writer = await connection.BeginBinaryImportAsync(table.CopyIn, cancellationToken);
            writer.Timeout = TimeSpan.FromMinutes(30);
            while (reader.Read())
            {
                await writer.StartRowAsync(cancellationToken);
                for (var column = 0; column < table.Columns.Count; column++)
                {
                    await WriteAsync(writer, reader, column, table.Columns[column].Type, cancellationToken);
                }

                if (++rows % ProgressEvery == 0)
                {
                    progress(string.Create(CultureInfo.InvariantCulture, $"{table.Name}: {rows:N0} rows"));
                }
            }

            await writer.CompleteAsync(cancellationToken);
        }
        catch (PostgresException refused)
        {
            throw new InvalidOperationException(
                $"{Codes.CopyDiffers}: {table.Name} cannot be held by PostgreSQL ({refused.SqlState}: {refused.MessageText}), in one of the first {rows + 1} rows. Nothing was kept.", refused);
        }

        if (rows > 0)
        {
            progress(string.Create(CultureInfo.InvariantCulture, $"{table.Name}: {rows:N0} rows"));
        }

        return rows;
    }

    private static Task WriteAsync(NpgsqlBinaryImporter writer, SqliteDataReader reader, int column, NpgsqlDbType type, CancellationToken cancellationToken)
        => reader.IsDBNull(column) ? writer.WriteNullAsync(cancellationToken) : type switch
        {
            NpgsqlDbType.Text => writer.WriteAsync(reader.GetString(column), type, cancellationToken),
            NpgsqlDbType.Bytea => writer.WriteAsync(reader.GetFieldValue<byte[]>(column), type, cancellationToken),
            NpgsqlDbType.Bigint => writer.WriteAsync(reader.GetInt64(column), type, cancellationToken),
            NpgsqlDbType.Integer => writer.WriteAsync(reader.GetInt32(column), type, cancellationToken),
            _ => writer.WriteAsync(reader.GetBoolean(column), type, cancellationToken),
        };

    /// <summary>Reads both in the order of the key, which both keep byte by byte, and compares what they hold, text as bytes.</summary>
    private static async Task CompareAsync(SqliteConnection source, NpgsqlConnection connection, CopiedTable table, CancellationToken cancellationToken)
    {
        using var command = source.CreateCommand();
        command.CommandText = table.SelectInOrder;
        using var expected = command.ExecuteReader();
        await using var query = new NpgsqlCommand(table.SelectInOrder, connection) { CommandTimeout = 1800 };
        await using var found = await query.ExecuteReaderAsync(cancellationToken);
        for (var row = 1L; ; row++)
        {
            var (more, there) = (expected.Read(), await found.ReadAsync(cancellationToken));
            if (more != there)
            {
                throw Differs($"{table.Name} has {(there ? "more" : "fewer")} rows than the file, from row {row} on");
            }

            if (!more)
            {
                return;
            }

            for (var column = 0; column < table.Columns.Count; column++)
            {
                if (!IsSame(expected, found, column, table.Columns[column].Type))
                {
                    throw Differs($"{table.Name}.{table.Columns[column].Name} differs in row {row} of the key's order");
                }
            }
        }
    }

    private static bool IsSame(SqliteDataReader expected, NpgsqlDataReader found, int column, NpgsqlDbType type)
        => expected.IsDBNull(column) || found.IsDBNull(column)
            ? expected.IsDBNull(column) == found.IsDBNull(column)
            : type switch
            {
                NpgsqlDbType.Text or NpgsqlDbType.Bytea => expected.GetFieldValue<byte[]>(column).AsSpan().SequenceEqual(found.GetFieldValue<byte[]>(column)),
                NpgsqlDbType.Bigint => expected.GetInt64(column) == found.GetInt64(column),
                NpgsqlDbType.Integer => expected.GetInt32(column) == found.GetInt32(column),
                _ => expected.GetBoolean(column) == found.GetBoolean(column),
            };

    private static InvalidOperationException Differs(string what) => new($"{Codes.CopyDiffers}: {what}.");

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 1800 };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
