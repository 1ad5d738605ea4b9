using AgentGate.Loopback;
using AgentGate.Storage.Cluster.Connections;
using Npgsql;

namespace AgentGate.Storage.Tests.Cluster;

/// <summary>What keeps a server going has connections that no call can take.</summary>
public sealed class PostgresPoolsTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Calls_that_hold_every_connection_they_may_stop_neither_the_upkeep_nor_the_feed_of_changes()
    {
        await using var test = await PostgresTestDatabase.CreateAsync();
        await using var database = new PostgresDatabase(PostgresUrl.Read("DATABASE_URL", test.Url + "?pool_max=2&connect_timeout=1"));
        await using var one = await database.OpenSystemAsync(Stop);
        await using var two = await database.OpenSystemAsync(Stop);
        await using var three = await database.OpenAsync("a", Stop);
        await using var four = await database.OpenAsync("a", Stop);
        await Assert.ThrowsAnyAsync<NpgsqlException>(async () => await database.OpenSystemAsync(Stop));

        await new PostgresHealth(database).CheckAsync(Stop);
        await using var feed = new PostgresChangeFeed(database);
        await feed.ReadAsync(Stop);
        await using var upkeep = await database.OpenUpkeepAsync(Stop);
    }

    [Theory]
    [InlineData("", 30)]
    [InlineData("?pool_max=100", 100)]
    [InlineData("?pool_max=7", 7)]
    public void The_pools_of_calls_are_as_large_as_the_url_says_and_modest_where_it_says_nothing(string query, int most)
    {
        var database = new PostgresDatabase(PostgresUrl.Read("DATABASE_URL", "postgresql://u@127.0.0.1/d" + query));

        Assert.Equal([most, most, 8, 1], new[] { database.System, database.Tenants, database.Upkeep, database.Listening }.Select(source => new NpgsqlConnectionStringBuilder(source.ConnectionString).MaxPoolSize));
    }
}
