using System.Collections.Immutable;
using AgentGate.Kernel.Decisions;
using AgentGate.Pipeline;
using AgentGate.Policies;
using AgentGate.Tests.Pipeline;

namespace AgentGate.Tests.Policies;

public class FactGuardTests
{
    [Fact]
    public async Task The_facts_of_all_sources_are_in_the_circumstances_of_this_call_and_of_no_other()
    {
        var context = new GuardContext(GateFixture.Call("""{"a":"b"}"""), new CallScope());
        var guard = new FactGuard([new Source("b", "a"), new Source("a", "c")]);

        Assert.IsType<Verdict.Allow>(await guard.InspectAsync(context, CancellationToken.None));

        Assert.Equal(["a", "b", "c"], CallFacts.On(context).Context.Facts);
        Assert.Empty(CallFacts.On(context with { Call = context.Call with { Id = "call-2" } }).Context.Facts);
        Assert.Equal("""["a", "b", "c"]""", Facts(CallFacts.On(context)));
        Assert.Equal("[]", Facts(context.Call));
    }

    [Fact]
    public async Task More_facts_than_a_call_may_have_close_the_gate()
    {
        var guard = new FactGuard([new Source([.. Enumerable.Range(0, 257).Select(i => $"f{i}")])]);

        await Assert.ThrowsAsync<InvalidOperationException>(
            async () => await guard.InspectAsync(new GuardContext(GateFixture.Call("""{"a":"b"}"""), new CallScope()), CancellationToken.None));
    }

    private static string Facts(GateCall call) => PolicyContext.Of(call, byModel: false).Single(field => field.Key == "facts").Value.ToString()!;

    private sealed class Source(params string[] words) : IFactSource
    {
        public ValueTask<ImmutableArray<string>> FactsOfAsync(GateCall call, CancellationToken cancellationToken) => ValueTask.FromResult<ImmutableArray<string>>([.. words]);
    }
}
