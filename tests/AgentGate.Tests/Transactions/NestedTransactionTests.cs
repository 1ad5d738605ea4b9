using AgentGate.Transactions;
using Microsoft.Extensions.AI;

namespace AgentGate.Tests.Transactions;

public sealed class NestedTransactionTests : IDisposable
{
    private readonly TransactionFixture _process = new();
    private readonly List<string> _undone = [];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _process.Dispose();

    [Fact]
    public async Task What_was_committed_inside_is_undone_with_the_outer_one_in_one_order()
    {
        var book = Book();
        await using var outer = _process.Gate.BeginTransaction("outer");
        await Call(book, "1");
        await using (var inner = _process.Gate.BeginTransaction("inner"))
        {
            await Call(book, "2");
            await Call(book, "3");
            await inner.CommitAsync(Stop);
            Assert.Equal(TransactionState.Joined, inner.State);
        }

        await Call(book, "4");

        var report = await outer.RollbackAsync();

        Assert.Equal(["4", "3", "2", "1"], _undone);
        Assert.True(report.IsComplete);
    }

    [Fact]
    public async Task An_inner_one_is_rolled_back_alone()
    {
        var book = Book();
        await using var outer = _process.Gate.BeginTransaction();
        await Call(book, "1");
        await using (_process.Gate.BeginTransaction())
        {
            await Call(book, "2");
        }

        Assert.Equal(["2"], _undone);
        await Call(book, "3");
        await outer.CommitAsync(Stop);

        Assert.Equal(["2"], _undone);
        Assert.Equal(2, outer.Steps.Count);
    }

    [Fact]
    public async Task An_open_one_inside_is_rolled_back_with_the_outer_one()
    {
        var book = Book();
        await using var outer = _process.Gate.BeginTransaction();
        await Call(book, "1");
        var inner = _process.Gate.BeginTransaction();
        await Call(book, "2");

        await Assert.ThrowsAsync<InvalidOperationException>(async () => await outer.CommitAsync(Stop));
        var report = await outer.RollbackAsync();
        await inner.DisposeAsync();

        Assert.Equal(["2", "1"], _undone);
        Assert.Equal(2, report.Steps.Length);
        Assert.Equal(TransactionState.RolledBack, inner.State);
    }

    [Fact]
    public async Task Side_by_side_they_keep_to_themselves()
    {
        var book = Book();
        await using var outer = _process.Gate.BeginTransaction();

        await Task.WhenAll(Enumerable.Range(0, 10).Select(n => Task.Run(
            async () =>
            {
                await using var inner = _process.Gate.BeginTransaction();
                await Call(book, $"{n}a");
                await Call(book, $"{n}b");
                if (n % 2 == 0)
                {
                    await inner.CommitAsync(Stop);
                }
            },
            Stop)));

        Assert.Equal(Enumerable.Range(0, 10).Where(n => n % 2 == 1).SelectMany(n => new[] { $"{n}a", $"{n}b" }), _undone.Order(StringComparer.Ordinal));
        Assert.Equal(10, outer.Steps.Count);
        await outer.CommitAsync(Stop);
        Assert.Equal(10, _undone.Count);
    }

    [Fact]
    public async Task After_it_is_committed_calls_of_its_block_belong_to_the_outer_one()
    {
        var book = Book();
        await using var outer = _process.Gate.BeginTransaction();
        await using (var inner = _process.Gate.BeginTransaction())
        {
            await inner.CommitAsync(Stop);
            await Call(book, "1");
        }

        await outer.RollbackAsync();

        Assert.Equal(["1"], _undone);
    }

    [Fact]
    public async Task What_ended_can_end_only_once()
    {
        var one = _process.Gate.BeginTransaction();
        await Call(Book(), "1");
        var first = await one.RollbackAsync();

        Assert.Same(first, await one.RollbackAsync());
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await one.CommitAsync(Stop));
        Assert.Throws<InvalidOperationException>(() => _process.Gate.BeginTransaction());

        await one.DisposeAsync();

        await using var other = _process.Gate.BeginTransaction();
        await other.CommitAsync(Stop);
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await other.RollbackAsync());
        Assert.Equal(["1"], _undone);
    }

    private static async Task Call(AIFunction tool, string what) => await TransactionFixture.CallAsync(tool, what, Stop);

    private AIFunction Book() => _process.Tool("book", what => what, new Compensation("cancel", (step, _) =>
    {
        lock (_undone)
        {
            _undone.Add(step.ReadOutput<string>()!);
        }

        return ValueTask.CompletedTask;
    }));
}
