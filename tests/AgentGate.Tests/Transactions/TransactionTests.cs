using AgentGate.Chat;
using AgentGate.Kernel.Transparency;
using AgentGate.Transactions;
using Microsoft.Extensions.AI;

namespace AgentGate.Tests.Transactions;

public sealed class TransactionTests : IDisposable
{
    private readonly TransactionFixture _process = new();
    private readonly List<string> _done = [];
    private readonly List<string> _undone = [];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _process.Dispose();

    [Fact]
    public async Task Steps_are_undone_from_the_last_one_with_what_they_got_and_gave()
    {
        var book = Book("book");

        var failed = await Assert.ThrowsAsync<TransactionFailedException>(() => _process.Gate.InTransactionAsync(async _ =>
        {
            await Call(book, "a");
            await Call(book, "b");
            await Call(book, "c");
            throw new DivideByZeroException();
        }));

        Assert.Equal(["a", "b", "c"], _done);
        Assert.Equal(["book c->C", "book b->B", "book a->A"], _undone);
        Assert.IsType<DivideByZeroException>(failed.InnerException);
        Assert.Equal("AG2401", failed.Code);
        Assert.Equal([StepEnding.Undone, StepEnding.Undone, StepEnding.Undone], failed.Report.Steps.Select(step => step.Ending));
    }

    [Fact]
    public async Task What_is_committed_is_not_undone()
    {
        await using (var transaction = _process.Gate.BeginTransaction("trip"))
        {
            await Call(Book("book"), "a");
            await transaction.CommitAsync(Stop);

            Assert.Equal(TransactionState.Committed, transaction.State);
            Assert.Equal(StepState.Done, Assert.Single(transaction.Steps).State);
        }

        Assert.Empty(_undone);
        Assert.Equal(["transaction.begin", "transaction.commit"], Acts());
    }

    [Fact]
    public async Task A_block_that_is_left_without_a_commit_is_rolled_back_and_its_exception_goes_on()
    {
        await Assert.ThrowsAsync<InvalidTimeZoneException>(async () =>
        {
            await using var transaction = _process.Gate.BeginTransaction();
            await Call(Book("book"), "a");
            throw new InvalidTimeZoneException();
        });

        Assert.Equal(["book a->A"], _undone);
        Assert.Equal(["transaction.begin", "transaction.rollback"], Acts());
    }

    [Fact]
    public async Task A_step_that_fails_is_the_cause_that_disposing_reports()
    {
        var failing = _process.Tool("fail", _ => throw new FormatException("no"), Undo("fail"));

        var failed = await Assert.ThrowsAsync<TransactionFailedException>(async () =>
        {
            await using var transaction = _process.Gate.BeginTransaction();
            await Call(Book("book"), "a");
            await Call(failing, "b");
        });

        Assert.IsType<FormatException>(failed.InnerException);
        Assert.Equal([("fail", StepEnding.Unneeded), ("book", StepEnding.Undone)], failed.Report.Steps.Select(step => (step.Tool, step.Ending)));
        Assert.Equal(["book a->A"], _undone);
    }

    [Fact]
    public async Task A_denied_call_is_no_step_and_is_the_cause()
    {
        var (book, denied) = (Book("book"), Book("pay"));
        _process.Denied.Add("pay");

        var failed = await Assert.ThrowsAsync<TransactionFailedException>(() => _process.Gate.InTransactionAsync(async _ =>
        {
            await Call(book, "a");
            await Call(denied, "b");
        }));

        Assert.Equal("AG1202", Assert.IsType<AgentGateDeniedException>(failed.InnerException).Code);
        Assert.Equal(["book a->A"], _undone);
        Assert.Single(failed.Report.Steps);
    }

    [Theory]
    [InlineData("on the tool")]
    [InlineData("before the block")]
    [InlineData("inside, before the call")]
    [InlineData("inside, after the call")]
    [InlineData("for the process, after the call")]
    public async Task A_compensation_counts_wherever_it_was_named(string where)
    {
        var book = _process.Tool("book", Do, where == "on the tool" ? Undo("book") : null);
        if (where == "before the block")
        {
            _process.Gate.Compensate("book", Undo("book"));
        }

        var report = await RollBackAsync(async transaction =>
        {
            if (where == "inside, before the call")
            {
                await transaction.CompensateAsync("book", Undo("book"), Stop);
            }

            await Call(book, "a");
            if (where == "inside, after the call")
            {
                await transaction.CompensateAsync("book", Undo("book"), Stop);
            }

            if (where == "for the process, after the call")
            {
                _process.Gate.Compensate("book", Undo("book"));
            }
        });

        Assert.True(report.IsComplete);
        Assert.Equal(["book a->A"], _undone);
        Assert.Equal("undo_book", Assert.Single(report.Steps).Compensation);
    }

    [Fact]
    public async Task A_tool_without_a_compensation_is_reported_unless_there_is_nothing_to_undo()
    {
        var read = _process.Gate.Govern(AIFunctionFactory.Create((string what) => what, "read"), options => options.Effects.Add("read"));

        var report = await RollBackAsync(async _ =>
        {
            await Call(_process.Tool("book", Do), "a");
            await Call(_process.Tool("log", Do, Compensation.Nothing), "b");
            await Call(read, "c");
        });

        Assert.Equal(
            [("read", StepEnding.Unneeded), ("log", StepEnding.Unneeded), ("book", StepEnding.NoCompensation)],
            report.Steps.Select(step => (step.Tool, step.Ending)));
        Assert.False(report.IsComplete);
    }

    [Fact]
    public async Task A_compensation_is_a_call_of_its_own_that_its_step_led_to()
    {
        var report = await RollBackAsync(async _ => await Call(Book("book"), "a"));

        var step = Assert.Single(report.Steps);
        var entries = _process.Record.Entries.Where(entry => entry.CallId == step.CompensationCallId).ToList();
        Assert.Equal([EntryKind.Intent, EntryKind.Outcome], entries.Select(entry => entry.Kind));
        Assert.All(entries, entry => Assert.Equal((step.CallId, "sdk.compensation", "undo_book"), (entry.ParentCallId, entry.Door, entry.Resource!.Value.Id)));
    }

    [Fact]
    public async Task A_denied_compensation_is_reported_as_not_undone_and_does_not_run()
    {
        _process.Denied.Add("undo_pay");

        var failed = await Assert.ThrowsAsync<TransactionFailedException>(() => _process.Gate.InTransactionAsync(async _ =>
        {
            await Call(Book("book"), "a");
            await Call(Book("pay"), "b");
            throw new DivideByZeroException();
        }));

        Assert.Equal("AG2406", failed.Code);
        Assert.Equal([("pay", StepEnding.Denied, "AG1202"), ("book", StepEnding.Undone, null)], failed.Report.Steps.Select(step => (step.Tool, step.Ending, step.Code)));
        Assert.Equal(["book a->A"], _undone);
        Assert.Contains("pay", failed.Message, StringComparison.Ordinal);
        Assert.Equal("not-undone", _process.Record.Entries[^1].Detail);
    }

    [Theory]
    [InlineData(typeof(DivideByZeroException))]
    [InlineData(typeof(NullReferenceException))]
    [InlineData(typeof(OperationCanceledException))]
    [InlineData(typeof(AggregateException))]
    [InlineData(typeof(TimeoutException))]
    [InlineData(typeof(InsufficientExecutionStackException))]
    public async Task Whatever_a_compensation_throws_the_others_run(Type thrown)
    {
        var bad = new Compensation("undo_bad", (_, _) => throw (Exception)Activator.CreateInstance(thrown)!);

        var report = await RollBackAsync(async _ =>
        {
            await Call(Book("first"), "a");
            await Call(_process.Tool("bad", Do, bad), "b");
            await Call(Book("last"), "c");
        });

        Assert.Equal([StepEnding.Undone, StepEnding.Failed, StepEnding.Undone], report.Steps.Select(step => step.Ending));
        Assert.IsAssignableFrom(thrown, report.Steps[1].Failure);
        Assert.Equal(2, report.Steps[1].Tries);
        Assert.Equal(["last c->C", "first a->A"], _undone);
    }

    [Fact]
    public async Task A_compensation_is_tried_again_with_the_same_key()
    {
        var keys = new List<string>();
        var flaky = new Compensation("undo_flaky", (step, _) =>
        {
            keys.Add(step.IdempotencyKey);
            return keys.Count < 3 ? throw new IOException() : ValueTask.CompletedTask;
        })
        { Tries = 3 };

        var report = await RollBackAsync(async _ => await Call(_process.Tool("flaky", Do, flaky), "a"));

        Assert.Equal((StepEnding.Undone, 3), (report.Steps[0].Ending, report.Steps[0].Tries));
        Assert.Equal(3, keys.Count);
        Assert.Single(keys.Distinct());
    }

    [Fact]
    public async Task Waits_between_tries_grow()
    {
        using var process = new TransactionFixture(options: new TransactionsOptions { RetryDelay = TimeSpan.FromSeconds(1), RetryDelayMax = TimeSpan.FromSeconds(3), CompensationTimeout = TimeSpan.FromHours(23) });
        var (at, tried) = (new List<double>(), new SemaphoreSlim(0));
        var start = process.Time.GetUtcNow();
        var bad = new Compensation("undo_bad", (_, _) =>
        {
            at.Add((process.Time.GetUtcNow() - start).TotalSeconds);
            tried.Release();
            throw new IOException();
        })
        { Tries = 4 };
        await using var transaction = process.Gate.BeginTransaction();
        await Call(process.Tool("bad", Do, bad), "a");

        var rollback = transaction.RollbackAsync().AsTask();
        for (var tries = 1; tries <= 4; tries++)
        {
            await tried.WaitAsync(Stop);
            while (!rollback.IsCompleted && at.Count == tries && tries < 4)
            {
                process.Time.Advance(TimeSpan.FromMilliseconds(100));
                await Task.Yield();
            }
        }

        Assert.Equal(StepEnding.Failed, (await rollback).Steps[0].Ending);
        var waits = at.Zip(at.Skip(1), (before, after) => after - before).ToList();
        Assert.True(waits[0] >= 1 && waits[1] >= 2 && waits[2] >= 3, string.Join(' ', waits));
    }

    [Theory]
    [InlineData(false, 1)]
    [InlineData(true, 2)]
    public async Task A_late_compensation_is_left_behind_and_tried_again_only_where_that_is_safe(bool isIdempotent, int runs)
    {
        var ran = 0;
        var hangs = new Compensation("undo_hangs", async (_, _) =>
        {
            Interlocked.Increment(ref ran);
            _process.Time.Advance(TimeSpan.FromMinutes(1));
            await new TaskCompletionSource().Task;
        })
        { IsIdempotent = isIdempotent };

        var report = await RollBackAsync(async _ =>
        {
            await Call(Book("book"), "a");
            await Call(_process.Tool("hangs", Do, hangs), "b");
        });

        Assert.Equal([StepEnding.TimedOut, StepEnding.Undone], report.Steps.Select(step => step.Ending));
        Assert.Equal(runs, ran);
    }

    [Fact]
    public async Task Steps_side_by_side_are_all_undone_the_last_one_first()
    {
        var book = Book("book");
        string[] order = [];

        var report = await RollBackAsync(async transaction =>
        {
            await Task.WhenAll(Enumerable.Range(0, 50).Select(n => Task.Run(async () => await Call(book, $"n{n}"), Stop)));
            order = [.. transaction.Steps.Select(step => step.CallId)];
        });

        Assert.Equal(50, report.Steps.Length);
        Assert.Equal(order.Reverse(), report.Steps.Select(step => step.CallId));
        Assert.Equal(50, _undone.Distinct().Count());
    }

    [Fact]
    public async Task A_step_whose_end_nobody_saw_is_reported_or_undone_as_its_compensation_says()
    {
        var seen = new List<bool>();
        var safe = new Compensation("undo_safe", (step, _) =>
        {
            seen.Add(step.IsKnownToHaveHappened);
            return ValueTask.CompletedTask;
        })
        { IsIdempotent = true };

        var report = await RollBackAsync(async _ =>
        {
            foreach (var (name, compensation) in new[] { ("plain", Undo("plain")), ("safe", safe) })
            {
                var late = _process.Tool(name, _ => throw new OperationCanceledException(), compensation);
                await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await Call(late, "x"));
            }
        });

        Assert.Equal([("safe", StepEnding.Undone), ("plain", StepEnding.Unknown)], report.Steps.Select(step => (step.Tool, step.Ending)));
        Assert.Equal([false], seen);
        Assert.Empty(_undone);
    }

    [Fact]
    public async Task After_a_rollback_calls_of_the_block_are_refused_and_after_the_block_they_are_no_steps()
    {
        var book = Book("book");
        await using (var transaction = _process.Gate.BeginTransaction())
        {
            await Call(book, "a");
            await transaction.RollbackAsync();

            var denied = await Assert.ThrowsAsync<AgentGateDeniedException>(async () => await Call(book, "b"));
            Assert.Equal("AG2403", denied.Code);
        }

        await Call(book, "c");

        Assert.Equal(["a", "c"], _done);
        Assert.Equal(["book a->A"], _undone);
    }

    [Fact]
    public async Task What_a_compensation_calls_is_no_step()
    {
        var inner = _process.Tool("cancel_inner", Do);
        var outer = new Compensation("undo_outer", async (step, stop) => await TransactionFixture.CallAsync(inner, "x", stop));

        var report = await RollBackAsync(async _ => await Call(_process.Tool("outer", Do, outer), "a"));

        Assert.Equal(StepEnding.Undone, Assert.Single(report.Steps).Ending);
        Assert.Equal(["a", "x"], _done);
    }

    [Fact]
    public async Task Another_tenants_call_and_one_step_too_many_are_refused()
    {
        using var process = new TransactionFixture(options: new TransactionsOptions { StepsMax = 2 });
        var (ours, theirs) = (process.Tool("ours", Do, Compensation.Nothing), process.Tool("theirs", Do, Compensation.Nothing, "other"));
        await using var transaction = process.Gate.BeginTransaction();

        await Call(ours, "a");
        Assert.Equal("AG2404", (await Assert.ThrowsAsync<AgentGateDeniedException>(async () => await Call(theirs, "b"))).Code);
        await Call(ours, "c");
        Assert.Equal("AG2410", (await Assert.ThrowsAsync<AgentGateDeniedException>(async () => await Call(ours, "d"))).Code);

        Assert.Equal(["a", "c"], _done);
        await transaction.CommitAsync(Stop);
    }

    [Theory]
    [InlineData("transaction.begin")]
    [InlineData("transaction.commit")]
    public async Task Without_its_act_on_record_nothing_begins_and_nothing_is_committed(string act)
    {
        _process.Record.Fails = entry => entry.Action == act;

        var failed = await Assert.ThrowsAsync<TransactionFailedException>(() => _process.Gate.InTransactionAsync(async _ => { await Call(Book("book"), "a"); }));

        Assert.Equal(act == "transaction.begin" ? [] : ["a"], _done);
        Assert.Equal(act == "transaction.begin" ? [] : ["book a->A"], _undone);
        Assert.Contains("AG2411", failed.InnerException!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_steps_of_a_models_tool_calls_are_steps_of_the_flow_they_run_in()
    {
        using var model = new Chat.ScriptedClient
        {
            Answer = messages => new ChatResponse(messages.Any(message => message.Role == ChatRole.Tool)
                ? new ChatMessage(ChatRole.Assistant, "Done.")
                : new ChatMessage(ChatRole.Assistant, [new FunctionCallContent("c", "book", new Dictionary<string, object?> { ["what"] = "a" })])),
        };
        using var client = new FunctionInvokingChatClient(model);

        var report = await RollBackAsync(async _ => await client.GetResponseAsync("Book it", new ChatOptions { Tools = [Book("book")] }, Stop));

        Assert.Equal(["book a->A"], _undone);
        Assert.True(report.IsComplete);
    }

    [Fact]
    public async Task Who_listens_hears_of_every_rollback_and_cannot_spoil_it()
    {
        var heard = new List<TransactionReport>();
        _process.Options.RolledBack = report =>
        {
            heard.Add(report);
            throw new DivideByZeroException();
        };

        var report = await RollBackAsync(async _ => await Call(Book("book"), "a"));

        Assert.Same(report, Assert.Single(heard));
    }

    [Theory]
    [InlineData("")]
    [InlineData("none")]
    [InlineData("two words")]
    [InlineData("büro")]
    public void A_name_that_could_not_be_found_again_is_refused(string name)
        => Assert.Throws<ArgumentException>(() => new Compensation(name, (_, _) => ValueTask.CompletedTask));

    [Fact]
    public void A_compensation_that_says_what_cannot_be_kept_is_refused()
    {
        static Compensation Of(int? tries = null, TimeSpan? timeout = null, params string[] effects)
            => new("undo", (_, _) => ValueTask.CompletedTask) { Tries = tries, Timeout = timeout, Effects = effects };

        Assert.Throws<ArgumentException>(() => _process.Gate.Compensate("book", Of(tries: 0)));
        Assert.Throws<ArgumentException>(() => _process.Gate.Compensate("book", Of(timeout: TimeSpan.Zero)));
        Assert.Throws<ArgumentException>(() => _process.Gate.Compensate("book", Of(effects: "explode")));
    }

    private static async Task Call(AIFunction tool, string what) => await TransactionFixture.CallAsync(tool, what, Stop);

    private async Task<TransactionReport> RollBackAsync(Func<GateTransaction, Task> work)
    {
        await using var transaction = _process.Gate.BeginTransaction();
        await work(transaction);
        return await transaction.RollbackAsync();
    }

    private AIFunction Book(string name) => _process.Tool(name, Do, Undo(name));

    private string Do(string what)
    {
        lock (_done)
        {
            _done.Add(what);
        }

        return what.ToUpperInvariant();
    }

    private Compensation Undo(string tool) => new("undo_" + tool, (step, _) =>
    {
        lock (_undone)
        {
            _undone.Add($"{step.Tool} {step.ReadInput<string>("what")}->{step.ReadOutput<string>()}");
        }

        return ValueTask.CompletedTask;
    });

    private IEnumerable<string?> Acts() => _process.Record.Entries.Where(entry => entry.Kind == EntryKind.Admin).Select(entry => entry.Action);
}
