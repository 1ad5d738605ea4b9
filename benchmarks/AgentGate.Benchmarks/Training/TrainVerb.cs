using System.Globalization;
using AgentGate.Threats.Injection;

namespace AgentGate.Benchmarks.Training;

/// <summary><c>train injection</c>: the weights of the first tier, judged by leaving out one source at a time.</summary>
internal static class TrainVerb
{
    /// <summary>The shares of harmless texts, each source counting alike, that may reach a score of one half and of nine tenths.</summary>
    private const double HalfRate = 0.004;
    private const double NineTenthsRate = 0.001;

    /// <summary>Weights nearer to zero are left out of the file.</summary>
    private const float WeightMin = 0.12f;

    public const string Help = """
        usage: benchmarks train injection [--data DIR] [--errors] [--bare] [--write] [--decay X] [--rate X] [--balance X] ...

        Trains on injection.jsonl (rows whose label depends on their context left out) and on the authored texts beside the
        trainer. Prints what models said of each source that never saw it. --write puts the weights over all sources into
        src/AgentGate/Threats/Injection/model.txt.
        """;

    public static int Run(string[] args)
    {
        if (args.Contains("--help"))
        {
            Console.Out.WriteLine(Help);
            return 0;
        }

        using var places = new BenchSettings();
        var data = Option(args, "--data") ?? Path.Combine(Environment.GetEnvironmentVariable("AGENTGATE_SHARED") ?? Path.Combine(places.Root, "..", "shared"), "data");
        var authored = Path.Combine(places.Root, "benchmarks", "AgentGate.Benchmarks", "Training");
        var rows = TrainingRow.ReadFile(Path.Combine(data, "injection.jsonl")).Concat(args.Contains("--bare") ? [] : AuthoredRows.Read(authored)).ToList();
        var settings = new RegressionSettings
        {
            Decay = Number(args, "--decay", new RegressionSettings().Decay),
            Rate = Number(args, "--rate", new RegressionSettings().Rate),
            SourceBalance = Number(args, "--balance", new RegressionSettings().SourceBalance),
            AttackWeight = Number(args, "--attack", 1),
            Rounds = (int)Number(args, "--rounds", new RegressionSettings().Rounds),
            SourcesMin = (int)Number(args, "--sources", new RegressionSettings().SourcesMin),
            AttackSourcesMin = (int)Number(args, "--attack-sources", new RegressionSettings().AttackSourcesMin),
            Epochs = (int)Number(args, "--epochs", new RegressionSettings().Epochs),
        };
        var terms = WindowSet.Terms(rows, (int)Number(args, "--rows", 20), settings.SourcesMin);
        var set = WindowSet.Read(InjectionModel.Untrained(terms), rows);
        Console.Error.WriteLine($"{rows.Count} rows, {terms.Count} terms");

        var (judged, logits) = LeaveOut(set, settings);
        LeaveOneOut.Print(Console.Out, judged, logits);
        if (args.Contains("--errors"))
        {
            LeaveOneOut.PrintErrors(Console.Out, judged, logits);
        }

        if (args.Contains("--write"))
        {
            var whole = new Regression(set, settings, "");
            whole.Train([.. Enumerable.Range(0, rows.Count).Where(row => !rows[row].IsContextDependent)]);
            var harmless = Enumerable.Range(0, judged.Count).Where(row => !judged[row].IsAttack).ToList();
            var half = LeaveOneOut.Threshold(judged, logits, harmless, HalfRate);
            var ninety = LeaveOneOut.Threshold(judged, logits, harmless, NineTenthsRate);
            ModelFile.Write(Path.Combine(places.Root, "src", "AgentGate", "Threats", "Injection", "model.txt"), set.Model, whole, half, ninety, WeightMin, rows.Count);
        }

        return 0;
    }

    /// <summary>Every row of the data, with the logit of a model that never saw the row's source.</summary>
    private static (List<TrainingRow> Rows, float[] Logits) LeaveOut(WindowSet set, RegressionSettings settings)
    {
        var rows = set.Rows;
        var judged = Enumerable.Range(0, rows.Count).Where(row => !AuthoredRows.IsAuthored(rows[row])).ToList();
        var logits = new float[rows.Count];
        Parallel.ForEach(judged.GroupBy(row => rows[row].Source), new ParallelOptions { MaxDegreeOfParallelism = 2 }, group =>
        {
            var regression = new Regression(set, settings, group.Key);
            regression.Train([.. Enumerable.Range(0, rows.Count).Where(row => rows[row].Source != group.Key && !rows[row].IsContextDependent)]);
            foreach (var row in group)
            {
                logits[row] = regression.Judge(row);
            }
        });
        return ([.. judged.Select(row => rows[row])], [.. judged.Select(row => logits[row])]);
    }

    private static string? Option(string[] args, string name) => Array.IndexOf(args, name) is >= 0 and var at && at + 1 < args.Length ? args[at + 1] : null;

    private static float Number(string[] args, string name, float otherwise)
        => Option(args, name) is { } text ? float.Parse(text, CultureInfo.InvariantCulture) : otherwise;
}
