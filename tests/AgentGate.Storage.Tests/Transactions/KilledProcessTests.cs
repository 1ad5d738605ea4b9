using System.Diagnostics;
using System.Globalization;
using AgentGate.Pipeline;
using AgentGate.Storage.Certificates;
using AgentGate.Storage.Transactions;
using AgentGate.Tests.Transactions;
using AgentGate.Transactions;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Time.Testing;

namespace AgentGate.Storage.Tests.Transactions;

/// <summary>A real process is killed (SIGKILL) in the middle of a transaction of five steps, and another one resumes.</summary>
public sealed class KilledProcessTests
{
    private const string Database = "AGENTGATE_TEST_KILLED_DATABASE";
    private const string KilledAt = "AGENTGATE_TEST_KILLED_AT";
    private static readonly DateTimeOffset s_start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("did 1", "1", "")]
    [InlineData("did 3", "1 2 3", "2 1")]
    [InlineData("did 5", "1 2 3 4 5", "4 3 2 1")]
    [InlineData("undid 5", "1 2 3 4 5", "5 4 3 2 1")]
    [InlineData("undid 2", "1 2 3 4 5", "5 4 3 2 1")]
    public async Task What_is_left_is_undone_once_or_reported(string killedAt, string happened, string undone)
    {
        await using var database = await TemporaryDatabase.CreateAsync();
        await RunUntilKilledAsync(database.Database.Path, killedAt);
        var lines = Lines(database.Database.Path);
        Assert.Equal(killedAt, lines[^1]);

        using var next = Open(database.Database.Path, killedAt: null, s_start.AddMinutes(2), out _);
        var report = Assert.Single(await next.Gate.ResumeTransactionsAsync(Stop));

        lines = Lines(database.Database.Path);
        Assert.Equal(happened, Numbers(lines, "did "));
        Assert.Equal(undone, Numbers(lines, "undid "));

        // The one at which it was killed: nobody knows whether it happened, or whether it was undone.
        var doubtful = Assert.Single(report.Steps, step => !step.IsUndone);
        Assert.Equal(killedAt.StartsWith('d') ? StepEnding.Unknown : StepEnding.Interrupted, doubtful.Ending);
        Assert.Empty(await next.Gate.ResumeTransactionsAsync(Stop));
    }

    /// <summary>The process that is killed: this program, with this method alone.</summary>
    [Fact(Explicit = true)]
    public async Task Runs_until_it_is_killed()
    {
        using var process = Open(
            Environment.GetEnvironmentVariable(Database)!, Environment.GetEnvironmentVariable(KilledAt), s_start, out var book);

        await process.Gate.InTransactionAsync(async _ =>
        {
            for (var step = 1; step <= 5; step++)
            {
                await TransactionFixture.CallAsync(book, step.ToString(CultureInfo.InvariantCulture));
            }

            throw new DivideByZeroException();
        });
    }

    private static async Task RunUntilKilledAsync(string path, string killedAt)
    {
        var assembly = typeof(KilledProcessTests).Assembly.Location;
        var program = Path.ChangeExtension(assembly, OperatingSystem.IsWindows() ? ".exe" : null);
        var start = new ProcessStartInfo(program, ["-method", $"{typeof(KilledProcessTests).FullName}.{nameof(Runs_until_it_is_killed)}", "-explicit", "only", "-noColor"])
        {
            RedirectStandardOutput = true,
            Environment = { [Database] = path, [KilledAt] = killedAt },
        };
        using var child = System.Diagnostics.Process.Start(start)!;
        var output = child.StandardOutput.ReadToEndAsync(Stop);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        patience.CancelAfter(TimeSpan.FromMinutes(2));
        await child.WaitForExitAsync(patience.Token);
        Assert.True(child.ExitCode == 137, $"It ended with {child.ExitCode} and was not killed: {await output}");
    }

    private static TransactionFixture Open(string path, string? killedAt, DateTimeOffset now, out AIFunction book)
    {
        void Happens(string line)
        {
            File.AppendAllText(path + ".world", line + "\n");
            if (line == killedAt)
            {
                System.Diagnostics.Process.GetCurrentProcess().Kill();
            }
        }

        var store = new EfTransactionStore(
            new SqliteTenantContexts(new SqliteDatabase(path)), new EvidenceCipher(new TestEvidenceKey(), new SystemIdSource(TimeProvider.System)));
        var process = new TransactionFixture(store, new FakeTimeProvider(now));
        book = process.Tool(
            "book",
            what =>
            {
                Happens("did " + what);
                return what;
            },
            new Compensation("cancel", (step, _) =>
            {
                Happens("undid " + step.ReadInput<string>("what"));
                return ValueTask.CompletedTask;
            }));
        return process;
    }

    private static string[] Lines(string path) => File.ReadAllLines(path + ".world");

    private static string Numbers(string[] lines, string word)
        => string.Join(' ', lines.Where(line => line.StartsWith(word, StringComparison.Ordinal)).Select(line => line[word.Length..]));
}
