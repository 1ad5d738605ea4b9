using AgentGate.Loopback;
using AgentGate.Policies.Versions;
using AgentGate.Storage.Policies;
using AgentGate.Storage.Tests.Conformance;
using Npgsql;

namespace AgentGate.Storage.Tests.Policies;

public sealed class EfPolicyVersionsOnPostgresTests : PolicyVersionsConformance
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

    private protected override async Task<IPolicyVersions> CreateAsync() => new EfPolicyVersions((_database ??= await PostgresTestDatabase.CreateAsync()).Contexts);

    [Theory]
    [InlineData("UPDATE policy_versions SET status = 'active'")]
    [InlineData("UPDATE policy_versions SET status = 'shadow'")]
    [InlineData("UPDATE policy_versions SET status = 'anything' WHERE number = 1")]
    [InlineData("UPDATE policy_history SET by = 'somebody else'")]
    [InlineData("DELETE FROM policy_history")]
    public async Task The_database_itself_refuses_what_must_never_be(string sql)
    {
        var store = await CreateAsync();
        var act = new PolicyAct(DateTimeOffset.UnixEpoch, "agent_1");
        foreach (var text in new[] { "x", "y" })
        {
            await store.AddAsync("a", text, new PolicyText(PolicyCheck.HashOf(text), null, 0, 0, ""), act, default);
        }

        await using var connection = await _database!.Database.OpenSystemAsync(default);
        await using var command = new NpgsqlCommand(sql, connection);
        await Assert.ThrowsAsync<PostgresException>(() => command.ExecuteNonQueryAsync());
    }
}
