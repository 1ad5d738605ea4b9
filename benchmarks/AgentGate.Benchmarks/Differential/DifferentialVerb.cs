using System.Diagnostics;
using System.Globalization;
using AgentGate.Benchmarks.Fuzzing;

namespace AgentGate.Benchmarks.Differential;

/// <summary><c>differential [N] [--seed S] [--only CASE]</c>: our Cedar engine beside the official one on generated cases.</summary>
internal static class DifferentialVerb
{
    public const string Help = """
        usage: ./run differential [N] [--seed S] [--only CASE] [--failures N] [--workers N]
               ./run differential parsers [N] [--seed S] [--failures N]

        Asks our Cedar engine and the official one (npm @cedar-policy/cedar-wasm, under Node.js) the same N requests
        (default 200,000) over generated policies, entities and schemas: decision, determining and erroring policies,
        what is refused, validation verdicts and the JSON form must agree, and parse, format, parse must give the same
        policies. Prints the seed and what was reached; status 1 when anything differs, cut down to what is needed, or
        when an operator, function or kind of error was not reached.
        With `parsers`: N mutated texts (default 50,000) for the parsers of both, which must accept the same.

          --seed S       repeat a run (default: a new seed, printed)
          --only CASE    one case of that seed
          --failures N   stop after N differences (default 5)
          --workers N    pairs of engines (default 2)
        """;

    public static int Run(string[] args, string root, string corpus)
    {
        if (args.Contains("--help"))
        {
            Console.Out.WriteLine(Help);
            return 0;
        }

        try
        {
            OfficialEngine.Install(root);
        }
        catch (Exception exception) when (exception is InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            Console.Error.WriteLine($"differential: the official engine is missing: {exception.Message}. Install nodejs and npm.");
            return 2;
        }

        if (args is ["parsers", ..])
        {
            return Parsers(args[1..], root, corpus);
        }

        var count = args.Length > 0 && long.TryParse(args[0].Replace("_", "", StringComparison.Ordinal), CultureInfo.InvariantCulture, out var given) ? given : 200_000;
        var seed = (ulong)(Number(args, "--seed") ?? (Stopwatch.GetTimestamp() & 0xFFFFFFFF));
        var run = new DifferentialRun(root, seed, count, (int)(Number(args, "--failures") ?? 5));
        if (Number(args, "--only") is { } only)
        {
            var wrong = run.Only(only);
            Console.Out.WriteLine(wrong ?? $"differential: OK, case {only}, seed {seed}");
            return wrong is null ? 0 : 1;
        }

        Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"differential: {count:N0} requests, seed {seed}"));
        var started = Stopwatch.GetTimestamp();
        run.Run((int)(Number(args, "--workers") ?? 2), now => Console.Error.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"  {now.Answered:N0} requests, {now.Failures.Count} differences in {Stopwatch.GetElapsedTime(started).TotalSeconds:F0} s")));
        foreach (var (name, reached) in run.Coverage.Counts)
        {
            Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {reached,10:N0}  {name}{(reached == 0 ? "  NOT REACHED" : "")}"));
        }

        run.Failures.ForEach(Console.Out.WriteLine);
        var missing = run.Coverage.Missing.ToList();
        Console.Out.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"differential: {run.Answered:N0} requests answered by both, {run.Cases:N0} sets of policies with entities ({run.Policies:N0} policies; {run.Refused:N0} sets refused by both) in {Stopwatch.GetElapsedTime(started).TotalSeconds:F0} s; "
            + $"{run.Failures.Count} differences{(run.Kinds.Count > 0 ? $" ({string.Join(", ", run.Kinds.Select(kind => $"{kind.Key} {kind.Value}"))})" : "")}, {missing.Count} of {run.Coverage.Counts.Count()} not reached; seed {seed}"));
        return run.Failures.Count == 0 && missing.Count == 0 ? 0 : 1;
    }

    private static int Parsers(string[] args, string root, string corpus)
    {
        var seed = (ulong)(Number(args, "--seed") ?? (Stopwatch.GetTimestamp() & 0xFFFFFFFF));
        var run = new ParserRun(root, seed, CedarFuzzCorpus.Load(corpus));
        run.Run(args.Length > 0 && long.TryParse(args[0], CultureInfo.InvariantCulture, out var given) ? given : 50_000, (int)(Number(args, "--failures") ?? 20));
        run.Differences.ForEach(Console.Out.WriteLine);
        foreach (var (kind, (texts, accepted)) in run.Kinds)
        {
            Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {kind,-14} {texts,10:N0} texts, {accepted,10:N0} accepted by both"));
        }

        Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"differential: {run.Kinds.Sum(kind => kind.Value.Texts):N0} texts, {run.Differences.Count} differences, seed {seed}"));
        return run.Differences.Count == 0 ? 0 : 1;
    }

    private static long? Number(string[] args, string name)
        => Array.IndexOf(args, name) is >= 0 and var at && at + 1 < args.Length && long.TryParse(args[at + 1], CultureInfo.InvariantCulture, out var number) ? number : null;
}
