using AgentGate.Loopback;
using Npgsql;

namespace AgentGate.Storage.Tests.Cluster;

/// <summary>What the database itself keeps apart, whatever a query forgets.</summary>
public sealed class RowSecurityTests
{
    [Fact]
    public async Task A_connection_of_one_tenant_sees_and_writes_no_row_of_another()
    {
        await using var database = await PostgresTestDatabase.CreateAsync();
        await using (var a = await database.Database.OpenAsync("a", TestContext.Current.CancellationToken))
        {
            await ExecuteAsync(a, "INSERT INTO subject_keys (tenant, principal, key_id, wrapped_key) VALUES ('a', 'p', 'k', '\\x00')");
            Assert.Equal(1L, await ScalarAsync(a, "SELECT count(*) FROM subject_keys"));
            var refused = await Assert.ThrowsAsync<PostgresException>(() => ExecuteAsync(a, "INSERT INTO subject_keys (tenant, principal, key_id, wrapped_key) VALUES ('b', 'p', 'k', '\\x00')"));
            Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refused.SqlState);
        }

        await using var b = await database.Database.OpenAsync("b", TestContext.Current.CancellationToken);
        Assert.Equal(0L, await ScalarAsync(b, "SELECT count(*) FROM subject_keys"));
        Assert.Equal(0L, await ScalarAsync(b, "WITH gone AS (DELETE FROM subject_keys RETURNING 1) SELECT count(*) FROM gone"));
    }

    [Fact]
    public async Task A_connection_that_names_no_tenant_sees_nothing_even_after_it_was_another_tenants()
    {
        await using var database = await PostgresTestDatabase.CreateAsync();
        for (var i = 0; i < 3; i++)
        {
            await using (var a = await database.Database.OpenAsync("a", TestContext.Current.CancellationToken))
            {
                await ExecuteAsync(a, "INSERT INTO subject_keys (tenant, principal, key_id, wrapped_key) VALUES ('a', 'p', 'k', '\\x00') ON CONFLICT DO NOTHING");
            }

            await using var nobody = await database.Database.Tenants.OpenConnectionAsync(TestContext.Current.CancellationToken);
            Assert.Equal(0L, await ScalarAsync(nobody, "SELECT count(*) FROM subject_keys"));
        }
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    private static async Task<object?> ScalarAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }
}
