using AgentGate.Guardrails;
using AgentGate.Storage.Guardrails;
using AgentGate.Storage.Tests.Conformance;
using Microsoft.Extensions.Time.Testing;

namespace AgentGate.Storage.Tests.Guardrails;

public sealed class EfGuardrailStoreOnSqliteTests : GuardrailStoreConformance
{
    private TemporaryDatabase? _database;

    private protected override int Schedules => 30;

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
        var contexts = (_database ??= await TemporaryDatabase.CreateAsync()).Contexts;
        return (new EfGuardrailStore(contexts, clock), new EfGuardrailStore(contexts, clock));
    }

    [Fact]
    public async Task A_restart_keeps_what_was_counted()
    {
        const string Once = """{"policy_id":"once","policies":[{"tool":"*","cooldown":"10m"}]}""";
        var time = new FakeTimeProvider();
        var (before, _) = await CreateAsync(time);
        await new GuardrailServer(before, time, Once).AskAsync(GuardrailServer.Call("1"));

        // Nobody told the end of the first: the process went away.
        var (after, _) = await CreateAsync(time);
        var denied = Assert.IsType<AgentGate.Kernel.Decisions.Verdict.Deny>((await new GuardrailServer(after, time, Once).AskAsync(GuardrailServer.Call("2"))).Verdict);
        Assert.Equal(TimeSpan.FromMinutes(10), denied.RetryAfter);
    }
}
