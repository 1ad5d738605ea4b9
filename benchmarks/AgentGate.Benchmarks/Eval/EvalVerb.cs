using System.Text.Json;

namespace AgentGate.Benchmarks.Eval;

/// <summary><c>eval [--data DIR] [--json] [--errors]</c>: how well the scanner finds what public data sets label.</summary>
internal static class EvalVerb
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public static int Run(string[] args)
    {
        var folder = Folder(args);
        if (!Directory.Exists(folder))
        {
            Console.Error.WriteLine($"eval: {folder} does not exist. Give the folder of the data files with --data, or set AGENTGATE_SHARED.");
            return 2;
        }

        var evaluation = new Evaluation();
        var results = new List<FileResult>();
        Judge("pii_recognizers.jsonl", (path, rows) => evaluation.JudgeRows(path, rows, KindMap.OfLabel));
        Judge("secrets.jsonl", (path, rows) => evaluation.JudgeRows(path, rows, KindMap.OfSecret));
        Judge("pii_spans.jsonl", evaluation.JudgeSpans);
        var threats = new ThreatEvaluation();
        if (File.Exists(Path.Combine(folder, "attack_strings.jsonl")))
        {
            threats.Judge(EvalRow.ReadFile(Path.Combine(folder, "attack_strings.jsonl")));
        }

        var injection = new InjectionEvaluation();
        if (File.Exists(Path.Combine(folder, "injection.jsonl")))
        {
            injection.Judge(Path.Combine(folder, "injection.jsonl"));
        }

        if (results.Count == 0 && injection.IsEmpty && threats.Results.Count == 0)
        {
            Console.Error.WriteLine($"eval: {folder} holds none of pii_recognizers.jsonl, secrets.jsonl, pii_spans.jsonl.");
            return 2;
        }

        var summary = EvalSummary.Of(results);
        if (args.Contains("--json"))
        {
            Console.WriteLine(JsonSerializer.Serialize(new { Files = results, Summary = summary }, Indented));
        }
        else
        {
            EvalTable.Print(Console.Out, results, summary);
            threats.Print(Console.Out);
            injection.Print(Console.Out);
        }

        if (args.Contains("--errors"))
        {
            evaluation.Errors.ForEach(Console.WriteLine);
            threats.Errors.ForEach(Console.WriteLine);
            injection.Errors.ToList().ForEach(Console.WriteLine);
        }

        return 0;

        void Judge(string name, Func<string, IReadOnlyList<EvalRow>, FileResult> judge)
        {
            var path = Path.Combine(folder, name);
            if (File.Exists(path))
            {
                results.Add(judge(path, EvalRow.ReadFile(path)));
            }
        }
    }

    /// <summary>The folder of the data files: the one named, or the one beside the repository.</summary>
    public static string Folder(string[] args) => Option(args, "--data") ?? DefaultFolder();

    private static string? Option(string[] args, string name)
    {
        var index = Array.IndexOf(args, name);
        return index >= 0 && index + 1 < args.Length ? args[index + 1] : null;
    }

    /// <summary>The folder beside the repository, wherever in it the command was started.</summary>
    private static string DefaultFolder()
    {
        if (Environment.GetEnvironmentVariable("AGENTGATE_SHARED") is { Length: > 0 } shared)
        {
            return Path.Combine(shared, "data");
        }

        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (root is not null && !File.Exists(Path.Combine(root.FullName, "AgentGate.slnx")))
        {
            root = root.Parent;
        }

        return Path.GetFullPath(Path.Combine(root?.FullName ?? Environment.CurrentDirectory, "..", "shared", "data"));
    }
}
