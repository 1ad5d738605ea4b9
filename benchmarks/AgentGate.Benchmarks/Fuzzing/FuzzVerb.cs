using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace AgentGate.Benchmarks.Fuzzing;

/// <summary><c>fuzz [N] [--seconds S] [--seed X] [--show INPUT] [--only INPUT] [--long]</c>: hostile text for everything that reads hostile text.</summary>
internal static class FuzzVerb
{
    public const string Help = """
        usage: fuzz [N] [--seconds S] [--seed X] [--show INPUT] [--only INPUT] [--long] [--data DIR]

        Puts N inputs (default 10,000,000) through the normaliser and every analyser: nothing may throw or hang, places
        lie inside the text, a second scan finds the same. Stops with 1 and the number of the input that did it.

          --seconds S    stop after S seconds instead
          --seed X       the seed to repeat a run (default: a new one, printed)
          --show INPUT   print one input of that seed
          --only INPUT   print one input of that seed and check nothing but it
          --long         long texts of one repeated piece instead: the time per character, and whether it grows with the length
          --data DIR     a folder with attack_strings.jsonl and injection.jsonl to mutate beside the built-in pieces
        """;

    /// <summary>A chunk that takes longer hangs: it usually takes milliseconds, and no input is longer than a few thousand characters.</summary>
    private static readonly TimeSpan ChunkTimeMax = TimeSpan.FromMinutes(2);

    public static int Run(string[] args, string folder)
    {
        if (args.Contains("--help"))
        {
            Console.Out.WriteLine(Help);
            return 0;
        }

        var count = args.Length > 0 && long.TryParse(args[0].Replace("_", "", StringComparison.Ordinal), CultureInfo.InvariantCulture, out var given) ? given : 10_000_000;
        var seconds = Number(args, "--seconds") is { } most ? (double?)most : null;
        var seed = (ulong)(Number(args, "--seed") ?? Stopwatch.GetTimestamp() & 0xFFFFFFFF);
        var inputs = new FuzzInputs(Corpus(folder));
        if (Number(args, "--show") is { } shown)
        {
            Console.Out.WriteLine(JsonSerializer.Serialize(inputs.Make(seed, (long)shown)));
            return 0;
        }

        if (args.Contains("--long"))
        {
            return LongTexts.Run(inputs, seed);
        }

        if (Number(args, "--only") is { } only)
        {
            Console.Out.WriteLine($"fuzz: seed {seed}, input {only}: {JsonSerializer.Serialize(inputs.Make(seed, (long)only))}");
            var next = (long)only;
            var one = new FuzzWorker(inputs, seed, () => Interlocked.Exchange(ref next, long.MaxValue), (long)only + 1);
            one.Run();
            Console.Out.WriteLine(one.Failure is null ? $"fuzz: {one.Hits} findings, nothing wrong" : $"fuzz: FAILED {one.Failure}");
            return one.Failure is null ? 0 : 1;
        }

        Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"fuzz: {(seconds is null ? $"{count:N0} inputs" : $"{seconds} s")}, seed {seed}, {Environment.ProcessorCount} workers"));
        var taken = 0L;
        var end = seconds is null ? count : long.MaxValue;
        var started = Stopwatch.GetTimestamp();
        var workers = Enumerable.Range(0, Environment.ProcessorCount).Select(_ => new FuzzWorker(inputs, seed, Next, end)).ToList();
        var threads = workers.ConvertAll(worker => new Thread(worker.Run) { IsBackground = true });
        threads.ForEach(thread => thread.Start());
        var told = TimeSpan.Zero;
        while (threads.Any(thread => !thread.Join(TimeSpan.FromMilliseconds(200)) && thread.IsAlive))
        {
            if (workers.FirstOrDefault(worker => worker.InChunk > ChunkTimeMax) is { } hanging)
            {
                Console.Out.WriteLine($"fuzz: HANGS in input {hanging.Current}; repeat it with: fuzz --seed {seed} --only {hanging.Current}");
                return 1;
            }

            var elapsed = Stopwatch.GetElapsedTime(started);
            if (elapsed - told > TimeSpan.FromSeconds(20))
            {
                told = elapsed;
                Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {workers.Sum(worker => worker.Done):N0} inputs in {elapsed.TotalSeconds:F0} s"));
            }
        }

        var time = Stopwatch.GetElapsedTime(started);
        var done = workers.Sum(worker => worker.Done);
        var cpu = Environment.CpuUsage.TotalTime;
        var bytes = Math.Max(1, workers.Sum(worker => worker.Characters) * 2);
        var slowest = workers.MaxBy(worker => worker.Slowest.NsPerByte)!.Slowest;
        Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"fuzz: {done:N0} inputs, {workers.Sum(worker => worker.Characters) / 1e6:N0} million characters, {workers.Sum(worker => worker.Hits):N0} findings in {time.TotalSeconds:F0} s: "
            + $"{done / time.TotalSeconds:N0} inputs/s, {cpu.TotalNanoseconds / bytes:F1} ns of CPU per byte with making them; slowest {FuzzWorker.Chunk} inputs {slowest.NsPerByte:F1} ns/byte (from input {slowest.First}); digest {workers.Aggregate(0UL, (sum, worker) => sum + worker.Digest):x16}"));
        var failures = workers.Where(worker => worker.Failure is not null).Select(worker => worker.Failure!).ToList();
        failures.ForEach(failure => Console.Out.WriteLine($"fuzz: FAILED {failure}\n  seed {seed}; repeat it with: fuzz --seed {seed} --only INPUT"));
        Console.Out.WriteLine(failures.Count == 0 ? $"fuzz: OK, {done} inputs, seed {seed}" : $"fuzz: FAILED, seed {seed}");
        return failures.Count == 0 ? 0 : 1;

        long Next() => seconds is { } bound && Stopwatch.GetElapsedTime(started).TotalSeconds > bound
            ? long.MaxValue
            : Interlocked.Add(ref taken, FuzzWorker.Chunk) - FuzzWorker.Chunk;
    }

    private static List<string> Corpus(string folder)
    {
        var corpus = new List<string>(FuzzInputs.Pieces);
        foreach (var name in (string[])["attack_strings.jsonl", "injection.jsonl"])
        {
            var path = Path.Combine(folder, name);
            if (File.Exists(path))
            {
                foreach (var line in File.ReadLines(path).Where((_, index) => index % 4 == 0))
                {
                    using var row = JsonDocument.Parse(line);
                    if (row.RootElement.GetProperty("text").GetString() is { Length: > 0 and < 600 } text)
                    {
                        corpus.Add(text);
                    }
                }
            }
        }

        return corpus;
    }

    private static double? Number(string[] args, string name)
        => Array.IndexOf(args, name) is >= 0 and var at && at + 1 < args.Length && double.TryParse(args[at + 1], CultureInfo.InvariantCulture, out var number) ? number : null;
}
