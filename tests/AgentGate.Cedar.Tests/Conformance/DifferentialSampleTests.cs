using AgentGate.Benchmarks.Differential;

namespace AgentGate.Cedar.Tests.Conformance;

/// <summary>A short run of <c>./run differential</c>, the same cases every time.</summary>
public sealed class DifferentialSampleTests
{
    [Fact]
    public void The_official_engine_gives_the_same_answers()
    {
        var root = Root();
        Require(OfficialEngine.IsInstalled(root), $"The official engine is not installed: run 'npm ci' in {OfficialEngine.Folder(root)}.");
        var run = new DifferentialRun(root, seed: 20261122, requests: 1_500, failuresMax: 1);

        run.Run(workers: 1);

        Assert.True(run.Failures.Count == 0, string.Join("\n", run.Failures));
        Assert.InRange(run.Answered, 1_500, long.MaxValue);
    }

    [Fact]
    public void The_comparison_sees_a_difference()
    {
        var asked = DifferentialCase.Make(seed: 7, number: 0, requests: 2) with { Schema = null };
        var ours = new OurEngine(new DifferentialCoverage());
        var answer = ours.Ask(asked);
        var other = answer with { Requests = [answer.Requests[0] with { Allows = !answer.Requests[0].Allows }, .. answer.Requests[1..]] };

        Assert.Null(Difference.Between(asked, answer, answer, roundTrip: null));
        Assert.Equal("decision", Difference.Between(asked, answer, other, roundTrip: null)?.Kind);
        Assert.Equal("crash", Difference.Between(asked, answer with { Crash = "x" }, answer, roundTrip: null)?.Kind);
        Assert.Equal("parse", Difference.Between(asked, answer with { Parse = "x" }, answer, roundTrip: null)?.Kind);
        Assert.Equal("round trip", Difference.Between(asked, answer, answer, roundTrip: "x")?.Kind);
    }

    [Fact]
    public void A_failing_case_is_cut_down_to_what_makes_it_fail()
    {
        var asked = Enumerable.Range(0, 500).Select(number => DifferentialCase.Make(seed: 7, number, requests: 4)).First(made => made.Text.Contains(".isEmpty()", StringComparison.Ordinal) && made.Policies.Length > 1);

        var (smallest, difference) = Minimizer.Minimize(
            asked, new Difference("decision", ""), made => made.Text.Contains(".isEmpty()", StringComparison.Ordinal) ? new Difference("decision", "still") : null);

        Assert.Equal("still", difference.Detail);
        Assert.Empty(smallest.Entities);
        Assert.Single(smallest.Requests);
        Assert.Matches("^(permit|forbid)\\(principal[^,]*, action, resource[^,]*\\)\n(when|unless) \\{ (true|1|\"\"|\\[\\])\\.isEmpty\\(\\) \\};$", Assert.Single(smallest.Policies).ToString());
    }

    [Fact]
    public void The_generator_reaches_everything_in_three_thousand_cases()
    {
        var coverage = new DifferentialCoverage();
        var ours = new OurEngine(coverage);

        for (var number = 0; number < 3_000 && (number < 200 || coverage.Missing.Any()); number++)
        {
            var answer = ours.Ask(DifferentialCase.Make(seed: 20261122, number, requests: 4));
            Assert.True(answer.Crash is null && ours.RoundTrip is null, $"case {number}: {answer.Crash}{ours.RoundTrip}");
        }

        Assert.Empty(coverage.Missing);
    }

    private static void Require(bool present, string missing)
    {
        if (!present)
        {
            Assert.False(string.Equals(Environment.GetEnvironmentVariable("CI"), "true", StringComparison.OrdinalIgnoreCase), missing);
            Assert.Skip(missing);
        }
    }

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "AgentGate.slnx")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("The tests do not run inside the repository.");
    }
}
