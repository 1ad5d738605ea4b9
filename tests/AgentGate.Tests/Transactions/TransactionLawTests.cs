using AgentGate.Transactions;
using FsCheck.Xunit;
using Microsoft.Extensions.AI;

namespace AgentGate.Tests.Transactions;

/// <summary>Random programs of steps, failures and nesting against a model of two pages: a stack of lists.</summary>
public sealed class TransactionLawTests
{
    private enum Undoing
    {
        Works,
        Fails,
        Missing,
    }

    [Property(MaxTest = 300)]
    public void What_is_undone_is_what_the_model_says_in_its_order(byte[] program, bool commits)
        => Task.Run(() => RunAsync(program, commits)).GetAwaiter().GetResult();

    private static async Task RunAsync(byte[] program, bool commits)
    {
        using var process = new TransactionFixture();
        var (model, undone) = (new Model(), new List<int>());
        var tools = Tools(process, undone);
        var open = new Stack<GateTransaction>();
        open.Push(process.Gate.BeginTransaction());
        foreach (var (op, number) in program.Select((op, number) => (op, number)))
        {
            switch (op % 8)
            {
                case 5 when open.Count < 5:
                    open.Push(process.Gate.BeginTransaction());
                    model.Begin();
                    break;
                case 6 when open.Count > 1:
                    await open.Peek().CommitAsync();
                    await open.Pop().DisposeAsync();
                    model.Commit();
                    break;
                case 7 when open.Count > 1:
                    Check(model.RollBack(), await open.Peek().RollbackAsync());
                    await open.Pop().DisposeAsync();
                    break;
                default:
                    var (undoing, throws) = ((Undoing)(op / 8 % 3), op % 8 == 4);
                    await StepAsync(tools[(int)undoing], number, throws);
                    model.Step(number, undoing, throws);
                    break;
            }
        }

        while (open.Count > 1)
        {
            // Closed as leaving a block does, from the inside.
            var report = await open.Peek().RollbackAsync();
            Check(model.RollBack(), report);
            await open.Pop().DisposeAsync();
        }

        if (commits)
        {
            await open.Peek().CommitAsync();
        }
        else
        {
            Check(model.RollBack(), await open.Peek().RollbackAsync());
        }

        await open.Pop().DisposeAsync();
        Assert.Equal(model.Undone, undone);
    }

    private static void Check(IReadOnlyList<(int Number, StepEnding Ending)> expected, TransactionReport report)
    {
        Assert.Equal(expected.Select(step => step.Ending), report.Steps.Select(step => step.Ending));
        Assert.Equal(expected.All(step => step.Ending is StepEnding.Undone or StepEnding.Unneeded), report.IsComplete);
    }

    private static async Task StepAsync(AIFunction tool, int number, bool throws)
    {
        try
        {
            await TransactionFixture.CallAsync(tool, (throws ? "-" : "+") + number);
        }
        catch (FormatException)
        {
            Assert.True(throws);
        }
    }

    private static AIFunction[] Tools(TransactionFixture process, List<int> undone)
    {
        static string Run(string what) => what[0] == '-' ? throw new FormatException() : what[1..];
        return
        [
            process.Tool("works", Run, new Compensation("undo_works", (step, _) =>
            {
                undone.Add(int.Parse(step.ReadOutput<string>()!, System.Globalization.CultureInfo.InvariantCulture));
                return ValueTask.CompletedTask;
            })),
            process.Tool("fails", Run, new Compensation("undo_fails", (_, _) => throw new InvalidTimeZoneException())),
            process.Tool("missing", Run),
        ];
    }

    /// <summary>What must happen: each open transaction is a list of steps; to commit one appends its list to the one around, to roll back reads it backwards.</summary>
    private sealed class Model
    {
        private readonly Stack<List<(int Number, Undoing Undoing, bool Failed)>> _open = new([[]]);

        public List<int> Undone { get; } = [];

        public void Begin() => _open.Push([]);

        public void Step(int number, Undoing undoing, bool failed) => _open.Peek().Add((number, undoing, failed));

        public void Commit()
        {
            var inner = _open.Pop();
            _open.Peek().AddRange(inner);
        }

        public IReadOnlyList<(int Number, StepEnding Ending)> RollBack()
        {
            var steps = _open.Pop();
            steps.Reverse();
            Undone.AddRange(steps.Where(step => !step.Failed && step.Undoing == Undoing.Works).Select(step => step.Number));
            return
            [
                .. steps.Select(step => (step.Number, step.Failed ? StepEnding.Unneeded : step.Undoing switch
                {
                    Undoing.Works => StepEnding.Undone,
                    Undoing.Fails => StepEnding.Failed,
                    _ => StepEnding.NoCompensation,
                })),
            ];
        }
    }
}
