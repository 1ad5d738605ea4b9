using System.Text;
using AgentGate.Transactions;

namespace AgentGate.Storage.Tests.Conformance;

/// <summary>What every store of transactions must do.</summary>
public abstract class TransactionStoreConformance : IAsyncDisposable
{
    private const string Tenant = "acme";
    private static readonly DateTimeOffset s_now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset s_until = s_now.AddMinutes(1);
    private static readonly DateTimeOffset s_later = s_now.AddMinutes(2);
    private int _ids;

    protected static CancellationToken Stop => TestContext.Current.CancellationToken;

    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task A_transaction_and_its_steps_come_back_as_they_were_put_down()
    {
        var store = await CreateAsync();
        var (root, lease) = await BegunAsync(store);
        var inner = Transaction("inner", root.Id, root.Id);
        Assert.True(await store.BeginAsync(inner, lease, s_until, Stop));
        var step = Step(root, inner.Id, 1) with { Delegation = "grant", Input = Bytes("""{"ssn":"123-45-6789"}""") };
        Assert.True(await store.PutStepAsync(step, null, lease, Stop));
        var done = step with { State = StepState.Done, Input = null, Output = Bytes("\"booked\""), Compensation = "cancel" };
        Assert.True(await store.PutStepAsync(done, StepState.Begun, lease, Stop));

        var tree = Assert.Single(await ClaimAsync(store, "other"));

        Assert.Equal((root, new TransactionLease(root.Id, "other", 2)), (tree.Root, tree.Lease));
        Assert.Equal(inner, Assert.Single(tree.Inner));
        var found = Assert.Single(tree.Steps);
        Assert.Equal(("""{"ssn":"123-45-6789"}""", "\"booked\""), (Text(found.Input), Text(found.Output)));
        Assert.Equal(done with { Input = null, Output = null }, found with { Input = null, Output = null });
    }

    [Fact]
    public async Task Who_lost_the_lease_writes_nothing()
    {
        var store = await CreateAsync();
        var (root, lease) = await BegunAsync(store);
        var step = Step(root, root.Id, 1);
        Assert.True(await store.PutStepAsync(step, null, lease, Stop));
        var taken = Assert.Single(await ClaimAsync(store, "other")).Lease!;

        Assert.False(await store.PutStepAsync(step with { State = StepState.Done }, StepState.Begun, lease, Stop));
        Assert.False(await store.PutStepAsync(Step(root, root.Id, 2), null, lease, Stop));
        Assert.False(await store.BeginAsync(Transaction("inner", root.Id, root.Id), lease, s_until, Stop));
        Assert.False(await store.MoveAsync([root.Id], TransactionState.Committed, s_now, lease, Stop));
        Assert.False(await store.MoveAsync([root.Id], TransactionState.RollingBack, s_now, lease with { Owner = "other" }, Stop));
        Assert.True(await store.MoveAsync([root.Id], TransactionState.RollingBack, s_now, taken, Stop));
        Assert.Equal(StepState.Begun, Assert.Single((await store.FindAsync(Tenant, root.Id, Stop))!.Steps).State);
    }

    [Fact]
    public async Task A_new_step_needs_an_active_transaction_and_an_old_one_moves_on_from_where_it_was()
    {
        var store = await CreateAsync();
        var (root, lease) = await BegunAsync(store);
        var step = Step(root, root.Id, 1);
        Assert.True(await store.PutStepAsync(step, null, lease, Stop));
        Assert.False(await store.PutStepAsync(step with { State = StepState.Undone }, StepState.Undoing, lease, Stop));

        Assert.True(await store.MoveAsync([root.Id], TransactionState.RollingBack, s_now, lease, Stop));

        Assert.False(await store.PutStepAsync(Step(root, root.Id, 2), null, lease, Stop));
        Assert.True(await store.PutStepAsync(step with { State = StepState.Done }, StepState.Begun, lease, Stop));
        var undone = step with { State = StepState.Undone, Ending = StepEnding.Undone, CompensationCallId = "call", Tries = 3, Code = "AG2406" };
        Assert.True(await store.PutStepAsync(undone, StepState.Done, lease, Stop));
        Assert.Equal(undone with { Input = null }, Assert.Single((await store.FindAsync(Tenant, root.Id, Stop))!.Steps));
    }

    [Fact]
    public async Task What_is_joined_belongs_to_the_one_around()
    {
        var store = await CreateAsync();
        var (root, lease) = await BegunAsync(store);
        var inner = Transaction("inner", root.Id, root.Id);
        Assert.True(await store.BeginAsync(inner, lease, s_until, Stop));
        var step = Step(root, inner.Id, 1);
        Assert.True(await store.PutStepAsync(step, null, lease, Stop));

        Assert.True(await store.MoveAsync([inner.Id], TransactionState.Joined, s_now, lease, Stop));

        Assert.False(await store.PutStepAsync(Step(root, inner.Id, 2), null, lease, Stop));
        Assert.True(await store.PutStepAsync(step with { State = StepState.Done }, StepState.Begun, lease, Stop));
        var tree = Assert.Single(await ClaimAsync(store, "other"));
        Assert.Equal((root.Id, StepState.Done), (tree.Steps[0].TransactionId, tree.Steps[0].State));
        Assert.Equal(TransactionState.Joined, Assert.Single(tree.Inner).State);
    }

    [Theory]
    [InlineData(TransactionState.Committed)]
    [InlineData(TransactionState.RolledBack)]
    [InlineData(TransactionState.NotUndone)]
    public async Task What_ended_has_no_lease_and_ends_once(TransactionState ending)
    {
        var store = await CreateAsync();
        var (root, lease) = await BegunAsync(store);
        Assert.True(await store.PutStepAsync(Step(root, root.Id, 1), null, lease, Stop));

        Assert.True(await store.MoveAsync([root.Id], ending, s_later, lease, Stop));

        Assert.Empty(await ClaimAsync(store, "other"));
        Assert.False(await store.MoveAsync([root.Id], TransactionState.RollingBack, s_later, lease, Stop));
        var found = (await store.FindAsync(Tenant, root.Id, Stop))!.Root;
        Assert.Equal((ending, s_later), (found.State, found.EndedAt));
    }

    [Fact]
    public async Task What_rolls_back_is_never_committed_and_may_begin_to_twice()
    {
        var store = await CreateAsync();
        var (root, lease) = await BegunAsync(store);

        Assert.True(await store.MoveAsync([root.Id], TransactionState.RollingBack, s_now, lease, Stop));
        Assert.True(await store.MoveAsync([root.Id], TransactionState.RollingBack, s_now, lease, Stop));
        Assert.False(await store.MoveAsync([root.Id], TransactionState.Committed, s_now, lease, Stop));
        Assert.False(await store.MoveAsync([root.Id, "unknown"], TransactionState.RolledBack, s_now, lease, Stop));
        Assert.True(await store.MoveAsync([root.Id], TransactionState.RolledBack, s_now, lease, Stop));
    }

    [Fact]
    public async Task One_of_many_takes_over()
    {
        var store = await CreateAsync();
        var (root, lease) = await BegunAsync(store);

        var claims = await Task.WhenAll(Enumerable.Range(0, 8).Select(n => Task.Run(() => ClaimAsync(store, $"p{n}"), Stop)));

        var tree = Assert.Single(claims.SelectMany(claim => claim));
        Assert.Equal((root.Id, lease.Fence + 1), (tree.Root.Id, tree.Lease!.Fence));
    }

    [Fact]
    public async Task A_lease_that_is_renewed_or_that_a_process_leaves_alone_is_not_taken()
    {
        var store = await CreateAsync();
        var (root, _) = await BegunAsync(store);
        var asked = new List<DateTimeOffset>();

        Assert.Empty(await store.ClaimAsync("other", s_until, s_later, 10, (_, _) => true, Stop));
        Assert.Empty(await store.ClaimAsync(
            "other",
            s_later,
            s_later.AddMinutes(1),
            10,
            (_, since) =>
            {
                asked.Add(since);
                return false;
            },
            Stop));
        await store.RenewAsync("nobody", [root.Id], s_later.AddHours(1), Stop);
        await store.RenewAsync("me", [root.Id], s_later, Stop);

        Assert.Equal([s_until], asked);
        Assert.Empty(await ClaimAsync(store, "other"));
        Assert.Single(await store.ClaimAsync("other", s_later.AddSeconds(1), s_later.AddMinutes(1), 10, (_, _) => true, Stop));
    }

    [Fact]
    public async Task Another_tenant_sees_nothing()
    {
        var store = await CreateAsync();
        var (root, lease) = await BegunAsync(store);
        Assert.True(await store.PutStepAsync(Step(root, root.Id, 1), null, lease, Stop));

        Assert.Null(await store.FindAsync("other", root.Id, Stop));
        Assert.Empty(await store.ListAsync(new TransactionQuery("other", null, 10, 0), Stop));
    }

    [Fact]
    public async Task The_newest_are_listed_first_in_pages_and_by_state()
    {
        var store = await CreateAsync();
        var begun = new List<(StoredTransaction Root, TransactionLease Lease)>();
        for (var n = 0; n < 5; n++)
        {
            begun.Add(await BegunAsync(store, s_now.AddSeconds(n)));
        }

        Assert.True(await store.MoveAsync([begun[1].Root.Id], TransactionState.Committed, s_now, begun[1].Lease, Stop));

        async Task<string> Ids(TransactionState? state, int limit, int offset)
            => string.Join(' ', (await store.ListAsync(new TransactionQuery(Tenant, state, limit, offset), Stop)).Select(one => begun.FindIndex(b => b.Root.Id == one.Id)));
        Assert.Equal("4 3 2 1 0", await Ids(null, 10, 0));
        Assert.Equal("3 2", await Ids(null, 2, 1));
        Assert.Equal("1", await Ids(TransactionState.Committed, 10, 0));
    }

    [Fact]
    public async Task What_ended_long_ago_is_deleted_whole_and_nothing_else()
    {
        var store = await CreateAsync();
        var (old, oldLease) = await BegunAsync(store);
        var (open, openLease) = await BegunAsync(store);
        Assert.True(await store.PutStepAsync(Step(old, old.Id, 1), null, oldLease, Stop));
        Assert.True(await store.PutStepAsync(Step(open, open.Id, 1), null, openLease, Stop));
        Assert.True(await store.MoveAsync([old.Id], TransactionState.Committed, s_now, oldLease, Stop));

        await store.PurgeAsync(s_now.AddSeconds(1), Stop);

        Assert.Null(await store.FindAsync(Tenant, old.Id, Stop));
        Assert.Single((await store.FindAsync(Tenant, open.Id, Stop))!.Steps);
    }

    private protected abstract Task<ITransactionStore> CreateAsync();

    private protected async Task<(StoredTransaction Root, TransactionLease Lease)> BegunAsync(ITransactionStore store, DateTimeOffset? at = null)
    {
        var root = Transaction(null, null, null) with { BegunAt = at ?? s_now };
        var lease = new TransactionLease(root.Id, "me", 1);
        Assert.True(await store.BeginAsync(root, lease, s_until, Stop));
        return (root, lease);
    }

    private protected StoredStep Step(StoredTransaction root, string transactionId, long seq) => new()
    {
        CallId = $"step-{++_ids}",
        TransactionId = transactionId,
        RootId = root.Id,
        Tenant = Tenant,
        Principal = "agent_1",
        Seq = seq,
        Tool = "book",
        BegunAt = s_now,
        Input = Bytes("{}"),
    };

    private protected static ReadOnlyMemory<byte> Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private StoredTransaction Transaction(string? name, string? rootId, string? parentId)
    {
        var id = $"tx-{++_ids}";
        return new StoredTransaction { Id = id, RootId = rootId ?? id, ParentId = parentId, Tenant = Tenant, Principal = "agent_1", Name = name, BegunAt = s_now };
    }

    private static string? Text(ReadOnlyMemory<byte>? bytes) => bytes is { } some ? Encoding.UTF8.GetString(some.Span) : null;

    private static Task<IReadOnlyList<TransactionTree>> ClaimAsync(ITransactionStore store, string owner)
        => store.ClaimAsync(owner, s_later, s_later.AddMinutes(1), 10, (_, _) => true, Stop);
}
