using AgentGate.Limits;
using AgentGate.Storage.Tests.Conformance;
using Microsoft.Extensions.Logging.Abstractions;

namespace AgentGate.Storage.Tests.Limits;

public sealed class InMemoryLimitStoreTests : LimitStoreConformance
{
    private protected override Task<(ILimitStore First, ILimitStore Second)> CreateAsync(LimitSet limits, TimeProvider? clock)
    {
        var store = new InMemoryLimitStore(limits.All, 4_096, clock ?? TimeProvider.System, new LimitMetrics(), NullLogger.Instance);
        return Task.FromResult<(ILimitStore, ILimitStore)>((store, store));
    }
}
