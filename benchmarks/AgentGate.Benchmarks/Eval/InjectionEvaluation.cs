using System.Globalization;
using System.Text.Json.Nodes;
using AgentGate.Benchmarks.Training;
using AgentGate.Content;
using AgentGate.Kernel.Decisions;
using AgentGate.Pipeline;
using AgentGate.Server.Gateway.Formats;
using AgentGate.Threats.Injection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace AgentGate.Benchmarks.Eval;

/// <summary>
/// Judges every row of injection.jsonl twice and in the same two contexts, whatever its kind, source or label: as the user's
/// message of a chat request and as the one untyped argument of a tool call. The whole guard judges, with default options
/// but for the flag threshold, which is lowered so that every score shows.
/// </summary>
internal sealed class InjectionEvaluation
{
    private static readonly InjectionOptions s_defaults = new();
    private readonly ChatFormat _chat = new();
    private readonly InjectionGuard _guard;
    private readonly List<Judged> _rows = [];

    public InjectionEvaluation()
    {
        var options = Options.Create(new InjectionOptions { FlagThreshold = 0.005 });
        _guard = new InjectionGuard(
            new InjectionScorer(),
            options,
            new InjectionClassifiers([], options, TimeProvider.System, NullLogger<InjectionClassifiers>.Instance),
            new InjectionMetrics());
    }

    /// <summary>The texts judged wrongly in either context at the flag threshold, for <c>--errors</c>.</summary>
    public IEnumerable<string> Errors => _rows
        .Where(row => row.Flagged(0) != row.Row.IsAttack || row.Flagged(1) != row.Row.IsAttack)
        .Select(row => $"{(row.Row.IsAttack ? "missed" : "wrong")} {row.Chat}/{row.Argument} ({row.Row.Source}, {row.Row.Kind}): {row.Row.Text.ReplaceLineEndings("\\n")}");

    /// <summary>Whether nothing was judged.</summary>
    public bool IsEmpty => _rows.Count == 0;

    /// <summary>Judges a file.</summary>
    public void Judge(string path)
    {
        foreach (var row in TrainingRow.ReadFile(path))
        {
            _rows.Add(new Judged(row, ScoreOf(AsChat(row.Text), GateActions.CallModel), ScoreOf(AsArgument(row.Text), GateActions.CallTool)));
        }
    }

    /// <summary>Prints the tables; nothing where there was no file.</summary>
    public void Print(TextWriter output)
    {
        if (_rows.Count == 0)
        {
            return;
        }

        output.WriteLine();
        output.WriteLine($"injection.jsonl: {_rows.Count} rows, each as a chat message (chat) and as an untyped tool argument (arg)");
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"share of texts at or above the flag threshold {s_defaults.FlagThreshold} and the block threshold {s_defaults.BlockThreshold}"));
        var attacks = _rows.Where(row => row.Row is { IsAttack: true, IsContextDependent: false }).ToList();
        var dependent = _rows.Where(row => row.Row is { IsAttack: true, IsContextDependent: true }).ToList();
        var harmless = _rows.Where(row => !row.Row.IsAttack).ToList();
        Section("attacks, by source (recall)", attacks, row => row.Row.Source);
        Section("attacks, by kind (recall)", attacks, KindOf);
        Section("attacks only in their context, apart (recall)", dependent, row => $"{row.Row.Source}, {row.Row.Kind}");
        Section("harmless, by source (false positives)", harmless, row => row.Row.Source);
        Section("harmless, by kind (false positives)", harmless, KindOf);
        PrintRoc(output, attacks, dependent, harmless);
        PrintVerdicts(output, harmless);

        void Section(string title, List<Judged> rows, Func<Judged, string> key)
        {
            if (rows.Count == 0)
            {
                return;
            }

            output.WriteLine($"  {title,-46}{"rows",7}{"chat flag",11}{"chat block",12}{"arg flag",10}{"arg block",11}");
            foreach (var group in rows.GroupBy(key).OrderBy(group => group.Key, StringComparer.Ordinal))
            {
                output.WriteLine($"    {group.Key,-44}{group.Count(),7}" + Rates([.. group]));
            }

            output.WriteLine($"    {"all rows",-44}{rows.Count,7}" + Rates(rows));
        }
    }

    /// <summary>Families of one-row kinds share a line.</summary>
    private static string KindOf(Judged row) => row.Row.Kind.StartsWith("payload_", StringComparison.Ordinal) ? "payload_*" : row.Row.Kind;

    private static string Rates(List<Judged> rows)
        => $"{Show(Share(rows, 0, s_defaults.FlagThreshold)),11}{Show(Share(rows, 0, s_defaults.BlockThreshold)),12}"
            + $"{Show(Share(rows, 1, s_defaults.FlagThreshold)),10}{Show(Share(rows, 1, s_defaults.BlockThreshold)),11}";

    private static void PrintRoc(TextWriter output, List<Judged> attacks, List<Judged> dependent, List<Judged> harmless)
    {
        output.WriteLine("  ROC points: recall and false positives over rows (micro) and averaged over sources (macro)");
        output.WriteLine($"    {"context",-10}{"threshold",10}{"recall",9}{"macro",9}{"in context",12}{"FP",9}{"macro",9}{"worst source",14}");
        foreach (var context in (ReadOnlySpan<int>)[0, 1])
        {
            foreach (var threshold in (ReadOnlySpan<double>)[0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99])
            {
                output.WriteLine($"    {(context == 0 ? "chat" : "argument"),-10}{threshold.ToString("0.00", CultureInfo.InvariantCulture),10}"
                    + $"{Show(Share(attacks, context, threshold)),9}{Show(Macro(attacks, context, threshold)),9}{Show(Share(dependent, context, threshold)),12}"
                    + $"{Show(Share(harmless, context, threshold)),9}{Show(Macro(harmless, context, threshold)),9}{Show(Worst(harmless, context, threshold)),14}");
            }
        }
    }

    private static void PrintVerdicts(TextWriter output, List<Judged> harmless)
    {
        foreach (var (context, name) in (ReadOnlySpan<(int, string)>)[(0, "chat message"), (1, "tool argument")])
        {
            var rate = Share(harmless, context, s_defaults.FlagThreshold);
            var macro = Macro(harmless, context, s_defaults.FlagThreshold);
            if (rate is { } all && macro is { } mean)
            {
                output.WriteLine($"  false positives as {name} at the flag threshold: {Show(all)} of rows, {Show(mean)} averaged over sources, worst source {Show(Worst(harmless, context, s_defaults.FlagThreshold))}; "
                    + $"target <= 0.0100 {(Math.Max(all, mean) <= 0.01 ? "holds" : "DOES NOT HOLD")}");
            }
        }
    }

    private static double? Share(List<Judged> rows, int context, double threshold)
        => rows.Count == 0 ? null : rows.Count(row => row.Score(context) >= Hundredths(threshold)) / (double)rows.Count;

    private static double? Macro(List<Judged> rows, int context, double threshold)
        => rows.Count == 0 ? null : rows.GroupBy(row => row.Row.Source).Average(group => Share([.. group], context, threshold));

    private static double? Worst(List<Judged> rows, int context, double threshold)
        => rows.Count == 0 ? null : rows.GroupBy(row => row.Row.Source).Max(group => Share([.. group], context, threshold));

    private static int Hundredths(double value) => (int)Math.Round(value * 100);

    private static string Show(double? value) => value?.ToString("0.0000", CultureInfo.InvariantCulture) ?? "-";

    private int ScoreOf(CallContent content, string action)
    {
        var call = new GateCall
        {
            Id = "eval",
            Door = "eval",
            Principal = new Principal { Id = "eval", Tenant = "eval" },
            Action = action,
            Resource = EntityRef.Model("eval"),
            Context = new CallContext { At = DateTimeOffset.UnixEpoch },
            Content = content,
            Targets = [],
        };
        var verdict = _guard.InspectAsync(new GuardContext(call, new CallScope()), CancellationToken.None).AsTask().GetAwaiter().GetResult();
        return verdict.Findings.Select(finding => int.Parse(finding.Note!.AsSpan("score ".Length), CultureInfo.InvariantCulture)).DefaultIfEmpty(0).Max();
    }

    private JsonContent AsChat(string text)
    {
        var reading = new RequestReading(Parse(new JsonObject
        {
            ["model"] = "m",
            ["messages"] = new JsonArray(new JsonObject { ["role"] = "user", ["content"] = text }),
        }));
        _chat.ReadRequest(reading);
        return JsonContentReader.Read(reading.Document, JsonLimits.Default);
    }

    private static JsonContent AsArgument(string text)
    {
        var reading = new DocumentReading(Parse(new JsonObject { ["input"] = text }));
        reading.Role(0, SegmentRole.ToolArguments);
        return JsonContentReader.Read(reading, JsonLimits.Default);
    }

    private static JsonTree Parse(JsonObject document)
        => JsonTreeParser.Parse(System.Text.Encoding.UTF8.GetBytes(document.ToJsonString()), JsonLimits.Default, out _)!;

    private sealed record Judged(TrainingRow Row, int Chat, int Argument)
    {
        public int Score(int context) => context == 0 ? Chat : Argument;

        public bool Flagged(int context) => Score(context) >= Hundredths(s_defaults.FlagThreshold);
    }
}
