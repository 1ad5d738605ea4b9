using AgentGate.Loopback;
using AgentGate.Pipeline;
using AgentGate.Storage.Certificates;
using AgentGate.Storage.Transactions;
using AgentGate.Tests.Transactions;
using AgentGate.Transactions;
using Microsoft.Extensions.AI;

namespace AgentGate.Storage.Tests.Transactions;

/// <summary>
/// A process dies at every write of a transaction, before it and after it, and another one resumes: each compensation ran exactly once, or it is
/// reported that it did not. Every point is enumerated.
/// </summary>
public sealed class CrashAtEveryWriteTests
{
    public static TheoryData<string, string, bool> Programs => new(
        from profile in new[] { "memory", "sqlite", "postgres" }
        from program in new[] { "five steps, then a failure", "five steps, then a commit", "nested, then a failure" }
        from isIdempotent in new[] { false, true }

        // Writes to a disk take their time: in the profiles what may be done twice is tried with one program.
        where profile == "memory" || !isIdempotent || program == "five steps, then a failure"
        where profile != "postgres" || program != "five steps, then a commit"
        select (profile, program, isIdempotent));

    [Theory]
    [MemberData(nameof(Programs))]
    public async Task Each_compensation_ran_exactly_once_or_is_reported(string profile, string program, bool isIdempotent)
    {
        await using var place = await Place.OpenAsync(profile);
        var points = 0;
        foreach (var after in new[] { false, true })
        {
            for (var dieAt = 1; ; dieAt++)
            {
                var (where, world) = ($"{(after ? "after" : "before")} write {dieAt}", new CrashWorld(place.Store, isIdempotent));

                var died = await world.RunAsync(Program(program), dieAt, after);
                var resumed = await world.ResumeAsync();

                if (!died)
                {
                    // The program has no such write: it ended by itself, and nothing is left to anybody.
                    Assert.Equal(0, resumed);
                    break;
                }

                points++;
                if (world.Reports.Count == 0)
                {
                    // Nothing was left open: it never began, or is committed, or had been rolled back to its end.
                    Assert.True(world.Happened.Count == 0 || world.Undone.Count == world.Happened.Count || (program.EndsWith("commit", StringComparison.Ordinal) && world.Undone.Count == 0), where);
                }
                else
                {
                    world.Check(where);
                }

                Assert.Equal(0, await world.ResumeAsync());
            }
        }

        Assert.InRange(points, 20, 100);
    }

    [Theory]
    [InlineData("sqlite")]
    [InlineData("postgres")]
    public async Task Who_resumes_may_die_too(string profile)
    {
        await using var place = await Place.OpenAsync(profile);
        foreach (var after in new[] { false, true })
        {
            for (var dieAt = 1; dieAt <= 13; dieAt++)
            {
                var world = new CrashWorld(place.Store, isIdempotent: false);
                Assert.True(await world.RunAsync(Program("five steps, then a failure"), 12, after: true));

                await world.ResumeAsync(dieAt, after);
                await world.ResumeAsync();

                world.Check($"resumed, {(after ? "after" : "before")} write {dieAt}");
                Assert.Equal([1, 2, 3, 4, 5], world.Happened);
                Assert.Equal(0, await world.ResumeAsync());
            }
        }
    }

    [Fact]
    public async Task A_process_without_the_compensation_leaves_it_to_one_that_has_it_for_a_while()
    {
        await using var place = await Place.OpenAsync("sqlite");
        var world = new CrashWorld(place.Store, isIdempotent: false);
        Assert.True(await world.RunAsync(Program("five steps, then a failure"), 12, after: false));
        using var stranger = new TransactionFixture(place.Store, world.Time);

        world.Time.Advance(TimeSpan.FromMinutes(2));
        Assert.Empty(await stranger.Gate.ResumeTransactionsAsync(TestContext.Current.CancellationToken));
        world.Time.Advance(stranger.Options.RegistrationPatience);
        var report = Assert.Single(await stranger.Gate.ResumeTransactionsAsync(TestContext.Current.CancellationToken));

        Assert.All(report.Steps, step => Assert.Equal(StepEnding.NotRegistered, step.Ending));
        Assert.Equal(5, report.Steps.Length);
        Assert.Empty(world.Undone);
    }

    [Fact]
    public async Task A_process_that_was_only_slow_can_do_and_commit_nothing_once_another_took_over()
    {
        await using var place = await Place.OpenAsync("sqlite");
        var world = new CrashWorld(place.Store, isIdempotent: false);
        var slow = new TransactionFixture(place.Store, world.Time, new TransactionsOptions { DurationMax = TimeSpan.FromSeconds(30) });
        using (slow)
        {
            var calls = 0;
            var book = slow.Tool("book", what => $"{++calls}{what}", new Compensation("cancel", (_, _) => ValueTask.CompletedTask));
            var failed = await Assert.ThrowsAsync<TransactionFailedException>(() => slow.Gate.InTransactionAsync(async _ =>
            {
                await TransactionFixture.CallAsync(book, "1");

                // It counts as forgotten, so that its lease is not renewed.
                await world.ResumeAsync();
                await TransactionFixture.CallAsync(book, "2");
            }));

            Assert.Equal(1, calls);
            Assert.Contains("AG2405", failed.InnerException!.Message, StringComparison.Ordinal);
            Assert.Equal(StepEnding.Deferred, Assert.Single(failed.Report.Steps).Ending);
        }

        Assert.Equal(1, Assert.Single(world.Undone).Step);
        Assert.True(Assert.Single(world.Reports).IsComplete);
    }

    [Fact]
    public async Task A_process_that_works_keeps_its_lease()
    {
        await using var place = await Place.OpenAsync("sqlite");
        var world = new CrashWorld(place.Store, isIdempotent: false);
        using var process = new TransactionFixture(place.Store, world.Time);
        var book = process.Tool("book", what => what, new Compensation("cancel", (_, _) => ValueTask.CompletedTask));

        await process.Gate.InTransactionAsync(async _ =>
        {
            for (var minutes = 0; minutes < 5; minutes++)
            {
                await TransactionFixture.CallAsync(book, "1");
                world.Time.Advance(TimeSpan.FromSeconds(40));
                await process.Desk.RenewAsync();
                Assert.Equal(0, await world.ResumeAsync());
            }
        });

        Assert.Empty(world.Reports);
    }

    private static Func<TransactionFixture, AIFunction, Task> Program(string name) => name switch
    {
        "five steps, then a failure" => (process, book) => process.Gate.InTransactionAsync(async _ =>
        {
            await StepsAsync(book, 1, 2, 3, 4, 5);
            throw new DivideByZeroException();
        }),
        "five steps, then a commit" => (process, book) => process.Gate.InTransactionAsync(async _ => await StepsAsync(book, 1, 2, 3, 4, 5)),
        _ => (process, book) => process.Gate.InTransactionAsync(async _ =>
        {
            await StepsAsync(book, 1, 2);
            await process.Gate.InTransactionAsync(async _ => await StepsAsync(book, 3, 4), "inner");
            await StepsAsync(book, 5);
            throw new DivideByZeroException();
        }),
    };

    private static async Task StepsAsync(AIFunction book, params int[] steps)
    {
        foreach (var step in steps)
        {
            await TransactionFixture.CallAsync(book, step.ToString(System.Globalization.CultureInfo.InvariantCulture));
        }
    }

    /// <summary>A store of one profile, with its database.</summary>
    private sealed class Place(ITransactionStore store, IAsyncDisposable? database) : IAsyncDisposable
    {
        public ITransactionStore Store { get; } = store;

        public static async Task<Place> OpenAsync(string profile)
        {
            var cipher = new EvidenceCipher(new TestEvidenceKey(), new SystemIdSource(TimeProvider.System));
            switch (profile)
            {
                case "memory":
                    return new Place(new InMemoryTransactionStore(), null);
                case "sqlite":
                    var file = await TemporaryDatabase.CreateAsync();
                    return new Place(new EfTransactionStore(file.Contexts, cipher), file);
                default:
                    var server = await PostgresTestDatabase.CreateAsync();
                    return new Place(new EfTransactionStore(server.Contexts, cipher), server);
            }
        }

        public ValueTask DisposeAsync() => database?.DisposeAsync() ?? ValueTask.CompletedTask;
    }
}
