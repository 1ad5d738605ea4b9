using AgentGate.Guardrails;
using AgentGate.Loopback;
using AgentGate.Storage.Guardrails;
using AgentGate.Storage.Tests.Conformance;
using Microsoft.Extensions.Time.Testing;

namespace AgentGate.Storage.Tests.Guardrails;

public sealed class EfGuardrailStoreOnPostgresTests : GuardrailStoreConformance
{
    private PostgresTestDatabase? _database;

    private protected override int Schedules => 12;

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        if (_database is not null)
        {
            await _database.DisposeAsync();
        }
    }

    private protected override async Task<(IGuardrailStore First, IGuardrailStore Second)> CreateAsync(TimeProvider clock)
    {
        var contexts = (_database ??= await PostgresTestDatabase.CreateAsync()).Contexts;
        return (new EfGuardrailStore(contexts, clock), new EfGuardrailStore(contexts, clock));
    }

    [Fact]
    public async Task Servers_whose_clocks_differ_count_by_the_database_s()
    {
        const string Once = """{"policy_id":"once","policies":[{"tool":"*","cooldown":"10m"}]}""";
        var (late, early) = (new FakeTimeProvider(DateTimeOffset.UnixEpoch), new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(90)));
        var contexts = (_database ??= await PostgresTestDatabase.CreateAsync()).Contexts;
        await new GuardrailServer(new EfGuardrailStore(contexts, time: null), late, Once).AskAsync(GuardrailServer.Call("1"));

        var denied = Assert.IsType<AgentGate.Kernel.Decisions.Verdict.Deny>(
            (await new GuardrailServer(new EfGuardrailStore(contexts, time: null), early, Once).AskAsync(GuardrailServer.Call("2"))).Verdict);
        Assert.InRange(denied.RetryAfter!.Value, TimeSpan.FromMinutes(9), TimeSpan.FromMinutes(10));
    }

    [Fact]
    public async Task A_database_that_is_away_is_a_lost_store()
    {
        var (store, _) = await CreateAsync(TimeProvider.System);
        await _database!.DisposeAsync();
        _database = null;
        await Assert.ThrowsAsync<GuardrailStoreLostException>(async () => await store.PurgeAsync(default));
    }
}
