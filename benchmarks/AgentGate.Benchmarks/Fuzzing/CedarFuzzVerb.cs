using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace AgentGate.Benchmarks.Fuzzing;

/// <summary><c>fuzz cedar [N] [--seconds S] [--seed X] [--only INPUT]</c>: hostile input for the parsers of policies, schemas and JSON.</summary>
internal static class CedarFuzzVerb
{
    public const string Help = """
        usage: fuzz cedar [N] [--seconds S] [--seed X] [--only INPUT]

        Puts N inputs (default 10,000,000) through the parsers of policies, schemas and the JSON formats: nothing may be
        thrown but what the stage declares, nothing may hang or allocate without bound, and what is accepted survives
        formatting, JSON, validation and evaluation. Begins with generated inputs and with those of
        ../shared/vectors/cedar/corpus.jsonl.gz where it lies. Stops with 1 and the number of the input that did it.

          --seconds S      stop after S seconds instead
          --seed X         the seed to repeat a run (default: a new one, printed)
          --only INPUT     print one input of that seed and check nothing but it
        """;

    private static readonly TimeSpan s_inputTimeMax = TimeSpan.FromSeconds(30);

    public static int Run(string[] args, string corpus)
    {
        if (args.Contains("--help"))
        {
            Console.Out.WriteLine(Help);
            return 0;
        }

        var count = args.Length > 0 && long.TryParse(args[0].Replace("_", "", StringComparison.Ordinal), CultureInfo.InvariantCulture, out var given) ? given : 10_000_000;
        var seconds = Number(args, "--seconds");
        var seed = (ulong)(Number(args, "--seed") ?? Stopwatch.GetTimestamp() & 0xFFFFFFFF);
        var seeds = CedarFuzzCorpus.Load(corpus);
        var inputs = new CedarFuzzInputs(seeds);
        if (Number(args, "--only") is { } only)
        {
            var (kind, data) = inputs.Make(seed, (long)only);
            Console.Out.WriteLine($"fuzz: seed {seed}, input {only}, {kind}, {data.Length} bytes:\n{Encoding.UTF8.GetString(data)}\n{Convert.ToBase64String(data)}");
            var taken = (long)only;
            var one = new CedarFuzzWorker(inputs, seed, () => Interlocked.Exchange(ref taken, long.MaxValue), (long)only + 1);
            one.Run();
            Console.Out.WriteLine(one.Failure is null ? "fuzz: nothing wrong" : $"fuzz: FAILED {one.Failure}");
            return one.Failure is null ? 0 : 1;
        }

        Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"fuzz: {(seconds is null ? $"{count:N0} inputs" : $"{seconds} s")} for the parsers, {seeds.Sum(kind => kind.Count):N0} to begin with, seed {seed}, {Environment.ProcessorCount} workers"));
        var next = 0L;
        var started = Stopwatch.GetTimestamp();
        var workers = Enumerable.Range(0, Environment.ProcessorCount).Select(_ => new CedarFuzzWorker(inputs, seed, Next, seconds is null ? count : long.MaxValue)).ToList();
        var threads = workers.ConvertAll(worker => new Thread(worker.Run) { IsBackground = true });
        threads.ForEach(thread => thread.Start());
        var told = TimeSpan.Zero;
        while (threads.Any(thread => !thread.Join(TimeSpan.FromMilliseconds(200)) && thread.IsAlive))
        {
            if (workers.FirstOrDefault(worker => worker.InInput > s_inputTimeMax) is { } hanging)
            {
                Console.Out.WriteLine($"fuzz: HANGS in input {hanging.Current}; repeat it with: fuzz cedar --seed {seed} --only {hanging.Current}");
                return 1;
            }

            var elapsed = Stopwatch.GetElapsedTime(started);
            if (elapsed - told > TimeSpan.FromSeconds(20))
            {
                told = elapsed;
                Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {workers.Sum(worker => worker.Done):N0} inputs in {elapsed.TotalSeconds:F0} s, {GC.GetTotalMemory(false) / 1048576} MiB in use"));
            }
        }

        return Report(workers, Stopwatch.GetElapsedTime(started), seed);

        long Next() => seconds is { } bound && Stopwatch.GetElapsedTime(started).TotalSeconds > bound
            ? long.MaxValue
            : Interlocked.Add(ref next, CedarFuzzWorker.Chunk) - CedarFuzzWorker.Chunk;
    }

    private static int Report(List<CedarFuzzWorker> workers, TimeSpan time, ulong seed)
    {
        var done = workers.Sum(worker => worker.Done);
        var slowest = workers.MaxBy(worker => worker.Slowest.NsPerByte)!.Slowest;
        foreach (var kind in Enum.GetValues<CedarFuzzKind>())
        {
            var inputs = workers.Sum(worker => worker.Check.Kinds[(int)kind].Inputs);
            var accepted = workers.Sum(worker => worker.Check.Kinds[(int)kind].Accepted);
            Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {kind,-14} {inputs,12:N0} inputs, {100.0 * accepted / Math.Max(1, inputs),5:F1} % accepted"));
        }

        Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"fuzz: {done:N0} inputs, {workers.Sum(worker => worker.Bytes) / 1e6:N0} million bytes in {time.TotalSeconds:F0} s: {done / time.TotalSeconds:N0} inputs/s; "
            + $"slowest {slowest.NsPerByte:F0} ns of processor time per byte (input {slowest.Input}); at most {workers.Max(worker => worker.Check.AllocatedPerByte):F0} bytes allocated per byte; "
            + $"{Environment.WorkingSet / 1048576} MiB of memory at the end"));
        var failures = workers.Where(worker => worker.Failure is not null).Select(worker => worker.Failure!).ToList();
        failures.ForEach(failure => Console.Out.WriteLine($"fuzz: FAILED {failure}\n  seed {seed}; repeat it with: fuzz cedar --seed {seed} --only INPUT"));
        Console.Out.WriteLine(failures.Count == 0 ? $"fuzz: OK, {done} inputs, seed {seed}" : $"fuzz: FAILED, seed {seed}");
        return failures.Count == 0 ? 0 : 1;
    }

    private static double? Number(string[] args, string name)
        => Array.IndexOf(args, name) is >= 0 and var at && at + 1 < args.Length && double.TryParse(args[at + 1], CultureInfo.InvariantCulture, out var number) ? number : null;
}
