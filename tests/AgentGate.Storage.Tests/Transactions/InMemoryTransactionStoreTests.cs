using AgentGate.Storage.Tests.Conformance;
using AgentGate.Transactions;

namespace AgentGate.Storage.Tests.Transactions;

public sealed class InMemoryTransactionStoreTests : TransactionStoreConformance
{
    [Fact]
    public async Task The_newest_thousand_that_ended_can_be_read()
    {
        var store = await CreateAsync();
        var (first, _) = await EndedAsync(store);
        for (var n = 0; n < 1_000; n++)
        {
            await EndedAsync(store);
        }

        Assert.Null(await store.FindAsync("acme", first.Id, Stop));
        Assert.Equal(1_000, (await store.ListAsync(new TransactionQuery("acme", null, 2_000, 0), Stop)).Count);
    }

    private protected override Task<ITransactionStore> CreateAsync() => Task.FromResult<ITransactionStore>(new InMemoryTransactionStore());

    private async Task<(StoredTransaction Root, TransactionLease Lease)> EndedAsync(ITransactionStore store)
    {
        var begun = await BegunAsync(store);
        Assert.True(await store.MoveAsync([begun.Root.Id], TransactionState.Committed, begun.Root.BegunAt, begun.Lease, Stop));
        return begun;
    }
}
