using AgentGate.Loopback;
using AgentGate.Storage.Cluster;
using AgentGate.Storage.Cluster.Connections;

namespace AgentGate.Storage.Tests.Cluster;

/// <summary>Everything that keeps tenants apart in the database rests on the roles connections are under.</summary>
public sealed class RoleCheckTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("agentgate_tenant", "BYPASSRLS")]
    [InlineData("agentgate_system", "SUPERUSER")]
    public async Task A_role_that_passes_row_level_security_stops_the_start(string role, string power)
    {
        await using var server = await PostgresServer.StartAsync();
        await using var database = new PostgresDatabase(PostgresUrl.Read("DATABASE_URL", await server.CreateDatabaseAsync()));
        await server.ExecuteAsync($"CREATE ROLE {role} NOLOGIN {power}");

        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => new PostgresStorageInitializer(database).InitializeAsync(Stop));

        Assert.StartsWith("AG4502", refused.Message, StringComparison.Ordinal);
        Assert.Contains($"ALTER ROLE {role} NOSUPERUSER NOBYPASSRLS", refused.Message, StringComparison.Ordinal);
        await server.ExecuteAsync($"ALTER ROLE {role} NOSUPERUSER NOBYPASSRLS");
        await new PostgresStorageInitializer(database).InitializeAsync(Stop);
    }

    [Fact]
    public async Task Connections_under_another_role_than_the_one_asked_for_stop_the_start()
    {
        await using var test = await PostgresTestDatabase.CreateAsync();

        // As behind a pooler that drops the startup option: the login itself.
        var refused = await Assert.ThrowsAsync<InvalidOperationException>(
            () => PostgresRoleCheck.RequireAsync(test.Database, test.Database.Owner, PostgresDatabase.TenantRole, Stop));

        Assert.StartsWith("AG4502", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pooled_connection_that_came_under_another_role_is_given_no_tenant()
    {
        await using var server = await PostgresServer.StartAsync();
        await using var database = new PostgresDatabase(PostgresUrl.Read("DATABASE_URL", await server.CreateDatabaseAsync()));
        await new PostgresStorageInitializer(database).InitializeAsync(Stop);
        await (await database.OpenAsync("a", Stop)).DisposeAsync();

        // The session in the pool keeps the role it had, which is another one by name now.
        await server.ExecuteAsync("ALTER ROLE agentgate_tenant RENAME TO somebody_else");

        var refused = await Assert.ThrowsAsync<InvalidOperationException>(async () => await database.OpenAsync("a", Stop));
        Assert.StartsWith("AG4502", refused.Message, StringComparison.Ordinal);
    }
}
