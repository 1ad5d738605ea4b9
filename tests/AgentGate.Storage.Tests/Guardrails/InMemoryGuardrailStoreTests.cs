using AgentGate.Guardrails;
using AgentGate.Storage.Tests.Conformance;
using Microsoft.Extensions.Time.Testing;

namespace AgentGate.Storage.Tests.Guardrails;

public sealed class InMemoryGuardrailStoreTests : GuardrailStoreConformance
{
    private protected override int Schedules => 1_000;

    private protected override Task<(IGuardrailStore First, IGuardrailStore Second)> CreateAsync(TimeProvider clock)
    {
        var store = new InMemoryGuardrailStore(100_000, clock);
        return Task.FromResult<(IGuardrailStore, IGuardrailStore)>((store, store));
    }

    [Fact]
    public async Task A_store_that_is_full_refuses_newcomers_until_what_it_holds_lapses()
    {
        var time = new FakeTimeProvider();
        var store = new InMemoryGuardrailStore(2, time);
        Task<bool> TouchAsync(string scope) => store.ChangeAsync(
            [new TrackKey("t", "g", "r", scope)],
            (tracks, now) =>
            {
                tracks[0].Events.Add(new TrackEvent("c", "a", now.ToUnixTimeMilliseconds()));
                (tracks[0].ExpiresAt, tracks[0].IsChanged) = (now.AddMinutes(1).ToUnixTimeMilliseconds(), true);
                return true;
            },
            default).AsTask();

        await TouchAsync("1");
        await TouchAsync("2");
        await Assert.ThrowsAsync<GuardrailStoreLostException>(() => TouchAsync("3"));
        await TouchAsync("1");
        time.Advance(TimeSpan.FromMinutes(1));
        await TouchAsync("3");
        Assert.Single(await store.ListAsync("t", "g", 10, default));
    }
}
