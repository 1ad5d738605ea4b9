using AgentGate.Loopback;
using AgentGate.Storage.Keys;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace AgentGate.Storage.Tests.Cluster;

/// <summary>What a tenant's context sees and changes, whatever a query forgets: on both databases, every entity.</summary>
public sealed class QueryFilterTests
{
    /// <summary>Entities that are nobody's, each with the reason.</summary>
    private static readonly Dictionary<string, string> s_nobodys = new(StringComparer.Ordinal)
    {
        ["policy_sets"] = "named by the hash of its content, held once for whoever decided by it; read only through a row of a tenant that names the hash",
    };

    /// <summary>Tables of PostgreSQL alone that are nobody's, each with the reason.</summary>
    private static readonly Dictionary<string, string> s_nobodysTables = new(StringComparer.Ordinal)
    {
        ["__EFMigrationsHistory"] = "which migrations were applied; read by the roles, written by the owner",
        ["change_versions"] = "a number per topic that says that something changed, not what or whose; read by the roles, written by triggers",
        ["server_keys"] = "the ids of the installation's own keys; no tenant's connection reads it",
        ["limit_epochs"] = "which data of Redis counts; no tenant's connection reads it",
        ["limit_seats"] = "how many servers share the limits; no tenant's connection reads it",
        ["log_instances"] = "the servers that write logs; no tenant's connection reads it",
    };

    [Theory]
    [InlineData("embedded")]
    [InlineData("cluster")]
    public async Task Text_with_the_character_U0000_is_stored_by_neither_profile_and_the_column_is_named(string profile)
    {
        await using var file = await TemporaryDatabase.CreateAsync();
        await using var server = profile == "cluster" ? await PostgresTestDatabase.CreateAsync() : null;
        await using var context = await (server?.Contexts ?? file.Contexts).OpenAsync("a", TestContext.Current.CancellationToken);
        context.Add(new ApiKeyRow { Id = "k", Tenant = "a", PrincipalId = "p", Name = "a\0b" });

        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => context.SaveChangesAsync(TestContext.Current.CancellationToken));

        Assert.Contains("api_keys.name", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_entity_has_a_filter_by_tenant_or_stands_on_the_list()
    {
        await using var database = await TemporaryDatabase.CreateAsync();
        await using var context = await database.Contexts.OpenAsync("a", TestContext.Current.CancellationToken);

        foreach (var entity in context.Model.GetEntityTypes())
        {
            var (hasTenant, table) = (entity.FindProperty(AgentGateDbContext.TenantProperty) is not null, entity.GetTableName()!);
            Assert.True(hasTenant != s_nobodys.ContainsKey(table), $"{table} needs a tenant, or a reason here why it has none.");
            Assert.Equal(hasTenant, entity.GetDeclaredQueryFilters().Count > 0);
            Assert.True(!hasTenant || entity.FindProperty(AgentGateDbContext.TenantProperty)!.GetColumnName() == "tenant", $"Row security goes by the column tenant; {table} calls it otherwise.");
        }
    }

    [Fact]
    public async Task Every_table_of_PostgreSQL_has_forced_row_security_by_tenant_or_stands_on_the_list()
    {
        await using var database = await PostgresTestDatabase.CreateAsync();
        await using var connection = await database.Database.OpenSystemAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand(
            """
            SELECT c.relname, c.relrowsecurity AND c.relforcerowsecurity
                AND (SELECT count(*) FROM pg_policy p WHERE p.polrelid = c.oid) = 2
            FROM pg_class c WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace
            """,
            connection);
        await using var reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        var tables = 0;
        for (; await reader.ReadAsync(TestContext.Current.CancellationToken); tables++)
        {
            var table = reader.GetString(0);
            Assert.True(reader.GetBoolean(1) != (s_nobodys.ContainsKey(table) || s_nobodysTables.ContainsKey(table)), $"{table} needs a column tenant, or a reason here why it has none.");
        }

        Assert.True(tables > 20, "The catalogue was not read.");
    }

    [Fact]
    public async Task What_is_nobodys_no_tenant_changes_and_a_tenant_reads_of_it_what_it_must()
    {
        await using var database = await PostgresTestDatabase.CreateAsync();
        await using var owner = await database.Database.Owner.OpenConnectionAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand(
            """
            SELECT table_name::text || ' ' || privilege_type::text FROM information_schema.role_table_grants g
            WHERE grantee = 'agentgate_tenant' AND table_schema = 'public' AND NOT EXISTS (
                SELECT 1 FROM information_schema.columns c WHERE c.table_schema = 'public' AND c.table_name = g.table_name AND c.column_name = 'tenant')
            ORDER BY 1
            """,
            owner);
        await using var reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        var rights = new List<string>();
        while (await reader.ReadAsync(TestContext.Current.CancellationToken))
        {
            rights.Add(reader.GetString(0));
        }

        Assert.Equal(["__EFMigrationsHistory SELECT", "change_versions SELECT", "policy_sets SELECT"], rights.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_query_that_forgets_the_tenant_sees_and_changes_the_rows_of_its_context_alone(bool isPostgres)
    {
        await using var sqlite = await TemporaryDatabase.CreateAsync();
        await using var postgres = isPostgres ? await PostgresTestDatabase.CreateAsync() : null;
        var contexts = postgres?.Contexts ?? sqlite.Contexts;
        foreach (var tenant in new[] { "a", "b" })
        {
            await using var own = await contexts.OpenAsync(tenant, default);
            own.Add(new ApiKeyRow { Id = "key of " + tenant, Tenant = tenant });
            await own.SaveChangesAsync(TestContext.Current.CancellationToken);
        }

        await using (var a = await contexts.OpenAsync("a", default))
        {
            Assert.Equal("key of a", (await a.Set<ApiKeyRow>().SingleAsync(TestContext.Current.CancellationToken)).Id);
            Assert.Null(await a.FindAsync<ApiKeyRow>(["key of b"], TestContext.Current.CancellationToken));
            Assert.Equal(1, await a.Set<ApiKeyRow>().ExecuteUpdateAsync(set => set.SetProperty(row => row.Name, "changed"), TestContext.Current.CancellationToken));
            Assert.Equal(1, await a.Set<ApiKeyRow>().ExecuteDeleteAsync(TestContext.Current.CancellationToken));
        }

        await using var system = await contexts.OpenSystemAsync(default);
        var left = await system.Set<ApiKeyRow>().SingleAsync(TestContext.Current.CancellationToken);
        Assert.Equal(("key of b", ""), (left.Id, left.Name));
    }

    [Fact]
    public async Task A_context_writes_no_row_of_another_tenant()
    {
        await using var database = await TemporaryDatabase.CreateAsync();
        await using var context = await database.Contexts.OpenAsync("a", default);
        context.Add(new ApiKeyRow { Id = "x", Tenant = "b" });

        await Assert.ThrowsAsync<InvalidOperationException>(() => context.SaveChangesAsync(TestContext.Current.CancellationToken));
        Assert.Throws<InvalidOperationException>(() => context.SaveChanges());
    }

    [Fact]
    public async Task A_context_without_a_scope_sees_nothing()
    {
        await using var database = await TemporaryDatabase.CreateAsync();
        await using (var context = await database.Contexts.OpenAsync("a", default))
        {
            context.Add(new ApiKeyRow { Id = "x", Tenant = "a" });
            await context.SaveChangesAsync(TestContext.Current.CancellationToken);
        }

        await using var nobodys = new AgentGateDbContext(
            new DbContextOptionsBuilder<AgentGateDbContext>().UseSqlite(database.Database.ConnectionString).Options);
        Assert.False(await nobodys.Set<ApiKeyRow>().AnyAsync(TestContext.Current.CancellationToken));
    }
}
