using AgentGate.Loopback;
using AgentGate.Pipeline;
using AgentGate.Storage.Certificates;
using AgentGate.Storage.Tests.Conformance;
using AgentGate.Storage.Transactions;
using AgentGate.Transactions;
using Microsoft.EntityFrameworkCore;

namespace AgentGate.Storage.Tests.Transactions;

public sealed class EfTransactionStoreOnPostgresTests : TransactionStoreConformance
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

    [Fact]
    public async Task What_a_step_got_cannot_be_read_in_the_table_and_is_gone_with_its_key_at_the_end()
    {
        var store = await CreateAsync();
        var (root, lease) = await BegunAsync(store);
        Assert.True(await store.PutStepAsync(Step(root, root.Id, 1) with { Input = Bytes("""{"ssn":"123-45-6789"}""") }, null, lease, Stop));

        await using (var context = await _database!.Contexts.OpenSystemAsync(Stop))
        {
            var row = await context.Set<TransactionStepRow>().AsNoTracking().SingleAsync(r => r.RootId == root.Id, Stop);
            Assert.DoesNotContain("6789", System.Text.Encoding.UTF8.GetString(row.Input!), StringComparison.Ordinal);
        }

        Assert.True(await store.MoveAsync([root.Id], TransactionState.Committed, root.BegunAt, lease, Stop));

        await using (var context = await _database.Contexts.OpenSystemAsync(Stop))
        {
            Assert.Null((await context.Set<TransactionStepRow>().AsNoTracking().SingleAsync(r => r.RootId == root.Id, Stop)).Input);
            Assert.Null((await context.Set<TransactionRow>().AsNoTracking().SingleAsync(r => r.Id == root.Id, Stop)).ContentKey);
        }
    }

    private protected override async Task<ITransactionStore> CreateAsync()
        => new EfTransactionStore(
            (_database ??= await PostgresTestDatabase.CreateAsync()).Contexts, new EvidenceCipher(new TestEvidenceKey(), new SystemIdSource(TimeProvider.System)));
}
