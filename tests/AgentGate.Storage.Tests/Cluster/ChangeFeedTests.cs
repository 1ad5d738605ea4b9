using System.Diagnostics;
using AgentGate.Deception;
using AgentGate.Delegation;
using AgentGate.Kernel.Delegation;
using AgentGate.Keys;
using AgentGate.Loopback;
using AgentGate.Pipeline;
using AgentGate.Policies.Versions;
using AgentGate.Storage.Cluster.Connections;
using AgentGate.Storage.Deception;
using AgentGate.Storage.Delegation;
using AgentGate.Storage.Keys;
using AgentGate.Storage.Policies;
using Npgsql;

namespace AgentGate.Storage.Tests.Cluster;

/// <summary>What the triggers of the database tell every process.</summary>
public sealed class ChangeFeedTests : IAsyncLifetime
{
    private static readonly DateTimeOffset s_now = new(2026, 1, 2, 3, 4, 5, 678, TimeSpan.Zero);
    private PostgresTestDatabase _database = null!;
    private PostgresChangeFeed _feed = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _database = await PostgresTestDatabase.CreateAsync();
        _feed = new PostgresChangeFeed(_database.Database);
    }

    public async ValueTask DisposeAsync()
    {
        await _feed.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task Every_change_raises_the_version_of_its_topic_and_of_no_other()
    {
        var (keys, grants, honey, policies) = Stores();
        var act = new PolicyAct(s_now, "agent_1");
        await RaisesAsync(ChangeTopics.Keys, () => keys.AddAsync(Key("k1"), Cancel));
        await RaisesAsync(ChangeTopics.Keys, () => keys.RevokeAsync("a", "k1", s_now, Cancel));
        await RaisesAsync(ChangeTopics.Grants, () => grants.AddAsync(Grant("g1"), Cancel));
        await RaisesAsync(ChangeTopics.Grants, () => grants.RevokeAsync(new StoredRevocation("a", new GrantRevocation("g1", s_now, "left"), "agent_2", "call"), Cancel));
        await RaisesAsync(ChangeTopics.Grants, () => grants.ForgetAsync("a", s_now.AddYears(1), Cancel));
        await RaisesAsync(ChangeTopics.Honey, () => honey.AddAsync(Token("ht_1"), Cancel));
        await RaisesAsync(ChangeTopics.Honey, () => honey.AddTriggerAsync(new HoneyTrigger("t1", "a", "ht_1", HoneyType.DataStore, "agent_1", "call", s_now, 2), Cancel));
        await RaisesAsync(ChangeTopics.Honey, () => honey.ClearAsync("a", "agent_1", s_now, "op", Cancel));
        await RaisesAsync(ChangeTopics.Honey, () => honey.RemoveAsync("a", "ht_1", Cancel));
        await RaisesAsync(ChangeTopics.Policies, () => policies.AddAsync("a", "x", new PolicyText(PolicyCheck.HashOf("x"), null, 0, 0, ""), act, Cancel));
        await RaisesAsync(ChangeTopics.Policies, () => policies.ActivateAsync("a", new PolicyActivation(1, PolicyCheck.HashOf("x"), 0, false), act, Cancel));
        await RaisesAsync(ChangeTopics.Policies, () => policies.ActivateAsync("a", new PolicyActivation(0, null, 1, true), act, Cancel));
    }

    [Fact]
    public async Task What_changes_nothing_raises_nothing()
    {
        var (keys, grants, honey, policies) = Stores();
        await keys.AddAsync(Key("k1"), Cancel);
        var before = await _feed.ReadAsync(Cancel);

        await keys.StoreUsageAsync([KeyValuePair.Create("k1", s_now.AddHours(1))], Cancel);
        await keys.RevokeAsync("a", "k9", s_now, Cancel);
        await grants.ForgetAsync("a", s_now, Cancel);
        await honey.RemoveAsync("a", "ht_9", Cancel);
        await policies.DeleteAsync("a", 9, new PolicyAct(s_now, "agent_1"), Cancel);

        Assert.Equal(before, await _feed.ReadAsync(Cancel));
    }

    [Fact]
    public async Task A_change_that_is_rolled_back_raises_nothing_and_one_that_is_not_committed_is_not_told()
    {
        await using var connection = await _database.Database.OpenAsync("a", Cancel);
        await using (var transaction = await connection.BeginTransactionAsync(Cancel))
        {
            await ExecuteAsync(connection, "INSERT INTO grants (id, tenant, signed, expires_at, issued_by, call_id) VALUES ('g', 'a', '\\x00', 1, '', '')");
            Assert.Empty(await _feed.ReadAsync(Cancel));
            await transaction.RollbackAsync(Cancel);
        }

        Assert.Empty(await _feed.ReadAsync(Cancel));
    }

    [Fact]
    public async Task Versions_become_visible_in_their_order_whichever_transaction_is_slower()
    {
        var (_, grants, _, _) = Stores();
        await using var slow = await _database.Database.OpenAsync("b", Cancel);
        await using var transaction = await slow.BeginTransactionAsync(Cancel);
        await ExecuteAsync(slow, "INSERT INTO grants (id, tenant, signed, expires_at, issued_by, call_id) VALUES ('slow', 'b', '\\x00', 1, '', '')");

        // The faster one, begun later, waits for the number of the slower one.
        var fast = grants.AddAsync(Grant("fast"), Cancel);
        Assert.Empty(await _feed.ReadAsync(Cancel));
        await transaction.CommitAsync(Cancel);
        await fast;

        Assert.Equal(2, (await _feed.ReadAsync(Cancel))[ChangeTopics.Grants]);
        Assert.Equal(2, (await grants.ReadGrantsAsync(Cancel)).Count);
    }

    [Fact]
    public async Task A_change_wakes_up_who_waits_long_before_the_time_is_over()
    {
        var (_, grants, _, _) = Stores();
        await _feed.ReadAsync(Cancel);
        var patience = Stopwatch.StartNew();
        var woken = _feed.WaitAsync(TimeSpan.FromMinutes(5), Cancel);

        await grants.AddAsync(Grant("g1"), Cancel);
        await woken;

        Assert.True(patience.Elapsed < TimeSpan.FromMinutes(1));
        Assert.Equal(1, (await _feed.ReadAsync(Cancel))[ChangeTopics.Grants]);
    }

    [Fact]
    public async Task A_connection_that_is_lost_is_opened_anew()
    {
        var (_, grants, _, _) = Stores();
        await _feed.ReadAsync(Cancel);
        await using (var killer = await _database.Database.Owner.OpenConnectionAsync(Cancel))
        {
            await ExecuteAsync(killer, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()");
        }

        await Assert.ThrowsAnyAsync<Exception>(() => _feed.ReadAsync(Cancel));
        await grants.AddAsync(Grant("g1"), Cancel);

        // Several connections of the pool may have been lost; each failure is one less.
        for (var tries = 0; ; tries++)
        {
            try
            {
                Assert.Equal(1, (await _feed.ReadAsync(Cancel))[ChangeTopics.Grants]);
                return;
            }
            catch (NpgsqlException) when (tries < 10)
            {
            }
        }
    }

    [Theory]
    [InlineData("UPDATE change_versions SET version = 0")]
    [InlineData("DELETE FROM change_versions")]
    [InlineData("INSERT INTO change_versions VALUES ('x', 1)")]
    [InlineData("SELECT agentgate_raise_version('x')")]
    public async Task No_role_a_server_works_under_touches_versions(string sql)
    {
        foreach (var connection in new[] { await _database.Database.OpenAsync("a", Cancel), await _database.Database.OpenSystemAsync(Cancel) })
        {
            await using (connection)
            {
                Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, (await Assert.ThrowsAsync<PostgresException>(() => ExecuteAsync(connection, sql))).SqlState);
            }
        }
    }

    private (EfApiKeyStore Keys, EfGrantStore Grants, EfHoneyStore Honey, EfPolicyVersions Policies) Stores()
        => (new(_database.Contexts), new(_database.Contexts), new(_database.Contexts), new(_database.Contexts));

    private async Task RaisesAsync(string topic, Func<Task> change)
    {
        var before = await _feed.ReadAsync(Cancel);
        await change();
        var after = await _feed.ReadAsync(Cancel);

        Assert.True(after.GetValueOrDefault(topic) > before.GetValueOrDefault(topic), $"{topic} was not raised.");
        Assert.Equal(before.Where(pair => pair.Key != topic).OrderBy(pair => pair.Key), after.Where(pair => pair.Key != topic).OrderBy(pair => pair.Key));
    }

    private static ApiKey Key(string id) => new()
    {
        Id = id, Tenant = "a", PrincipalId = "agent_1", Name = "key", Scopes = ["doors"], SecretHash = [1], CreatedAt = s_now,
    };

    private static StoredGrant Grant(string id) => new("a", id, new byte[] { 1 }, s_now.AddDays(1), "agent_1", "call");

    private static StoredHoneyToken Token(string id) => new(
        new HoneyToken { Id = id, Tenant = "a", Type = HoneyType.Credential, Name = "n", Description = "", HasValue = false, CreatedAt = s_now, CreatedBy = "op" }, null);

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(Cancel);
    }
}
