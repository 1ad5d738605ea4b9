using System.Globalization;
using AgentGate.Threats.Injection;

namespace AgentGate.Benchmarks.Training;

/// <summary><c>train injection</c>: the weights of the first tier, judged by leaving out one source at a time.</summary>
internal static class TrainVerb
{
    public static int Run(string[] args)
    {
        var data = Option(args, "--data") ?? Path.Combine(Environment.GetEnvironmentVariable("AGENTGATE_SHARED") ?? "../shared", "data");
        var rows = TrainingRow.ReadFile(Path.Combine(data, "injection.jsonl")).Concat(args.Contains("--bare") ? [] : AuthoredRows.Read(Folder())).ToList();
        var settings = new RegressionSettings
        {
            Decay = Number(args, "--decay", 0.002f),
            Rate = Number(args, "--rate", 0.1f),
            SourceBalance = Number(args, "--balance", 0.5f),
            AttackWeight = Number(args, "--attack", 1),
            Rounds = (int)Number(args, "--rounds", 3),
            Epochs = (int)Number(args, "--epochs", 4),
        };
        var (rowsMin, sourcesMin, pairs) = ((int)Number(args, "--rows", 4), (int)Number(args, "--sources", 2), !args.Contains("--nopairs"));
        var started = TimeProvider.System.GetTimestamp();
        var logits = new float[rows.Count];
        var sources = rows.Select(row => row.Source).Distinct().ToList();
        var counts = WindowSet.Count(rows, pairs);
        foreach (var term in counts.Where(term => !IsEnough(term.Value, "")).Select(term => term.Key).ToList())
        {
            counts.Remove(term);
        }

        var set = WindowSet.Read(InjectionModel.Untrained(counts.Keys.Order(StringComparer.Ordinal)), rows);
        Console.Error.WriteLine($"read after {TimeProvider.System.GetElapsedTime(started).TotalSeconds:F0} s, {counts.Count} terms");
        Parallel.For(0, sources.Count, new ParallelOptions { MaxDegreeOfParallelism = 2 }, at =>
        {
            var source = sources[at];
            if (source.StartsWith("authored", StringComparison.Ordinal))
            {
                return;
            }

            var isUsed = new bool[set.Model.Count];
            for (var feature = 0; feature < isUsed.Length; feature++)
            {
                isUsed[feature] = feature >= set.Model.TermCount || IsEnough(counts[set.Model.NameOf(feature)], source);
            }

            var regression = new Regression(set, settings, isUsed);
            regression.Train([.. Enumerable.Range(0, rows.Count).Where(row => rows[row].Source != source && !rows[row].IsContextDependent)]);
            foreach (var row in Enumerable.Range(0, rows.Count).Where(row => rows[row].Source == source))
            {
                logits[row] = regression.Judge(row);
            }
        });
        Console.Error.WriteLine($"{TimeProvider.System.GetElapsedTime(started).TotalSeconds:F0} s");
        var judged = Enumerable.Range(0, rows.Count).Where(row => !rows[row].Source.StartsWith("authored", StringComparison.Ordinal)).ToList();
        (rows, logits) = ([.. judged.Select(row => rows[row])], [.. judged.Select(row => logits[row])]);
        LeaveOneOut.Print(Console.Out, rows, logits);
        if (args.Contains("--errors"))
        {
            LeaveOneOut.PrintErrors(Console.Out, rows, logits);
        }

        return 0;

        bool IsEnough(Dictionary<string, int> count, string without)
            => count.Count(entry => entry.Key != without) >= sourcesMin && count.Where(entry => entry.Key != without).Sum(entry => entry.Value) >= rowsMin;
    }

    /// <summary>The folder of the training texts in the repository.</summary>
    private static string Folder()
    {
        using var settings = new BenchSettings();
        return Path.Combine(settings.Root, "benchmarks", "AgentGate.Benchmarks", "Training");
    }

    private static string? Option(string[] args, string name) => Array.IndexOf(args, name) is >= 0 and var at && at + 1 < args.Length ? args[at + 1] : null;

    private static float Number(string[] args, string name, float otherwise)
        => Option(args, name) is { } text ? float.Parse(text, CultureInfo.InvariantCulture) : otherwise;
}
