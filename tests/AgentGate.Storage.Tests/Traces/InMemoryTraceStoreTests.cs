using AgentGate.Pipeline;
using AgentGate.Storage.Tests.Conformance;
using AgentGate.Traces;

namespace AgentGate.Storage.Tests.Traces;

public sealed class InMemoryTraceStoreTests : TraceStoreConformance
{
    private protected override Task<(ITraceStore Store, Func<CallTrace, Task> Add)> CreateAsync(int capacity)
    {
        var store = new InMemoryTraceStore(capacity);
        return Task.FromResult<(ITraceStore, Func<CallTrace, Task>)>((store, trace =>
        {
            store.Add(trace);
            return Task.CompletedTask;
        }));
    }
}
