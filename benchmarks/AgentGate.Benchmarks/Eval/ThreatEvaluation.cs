using System.Globalization;
using AgentGate.Threats;
using AgentGate.Threats.Detection;
using AgentGate.Threats.Rules;

namespace AgentGate.Benchmarks.Eval;

/// <summary>
/// Judges every row twice and in the same two contexts, as a chat message and as an untyped tool argument, with default
/// options, whatever its kind, source or label.
/// </summary>
internal sealed class ThreatEvaluation
{
    private static readonly ThreatContext[] s_contexts = [ThreatContext.Argument, ThreatContext.Chat];
    private readonly ThreatScanner _scanner = new();
    private readonly ThreatHits _hits = new();
    private readonly ThreatJudge _judge = new(new ThreatOptions());
    private readonly ThreatToolRules _rules = new(new ThreatOptions(), []);

    /// <summary>Every wrong answer, for <c>--errors</c>.</summary>
    public List<string> Errors { get; } = [];

    /// <summary>Rows judged and blocked, by kind, source and context.</summary>
    public SortedDictionary<(string Kind, string Source), Counts> Results { get; } = [];

    public void Judge(IReadOnlyList<EvalRow> rows)
    {
        foreach (var row in rows)
        {
            if (!Results.TryGetValue((row.Kind, row.Source), out var counts))
            {
                Results[(row.Kind, row.Source)] = counts = new Counts { IsAttack = row.Label == 1 };
            }

            counts.Rows++;
            foreach (var context in s_contexts)
            {
                var blocked = IsBlocked(row.Text, context);
                counts.Blocked[(int)context] += blocked ? 1 : 0;
                if (blocked != (row.Label == 1))
                {
                    Errors.Add($"{(blocked ? "wrong" : "missed")} {context} ({row.Source}, {row.Kind}): {row.Text.ReplaceLineEndings("\\n")} "
                        + $"=> {string.Join(" ", _hits.Found.Take(4).Select(hit => $"{hit.Rule}:{hit.Score}"))}");
                }
            }
        }
    }

    public void Print(TextWriter output)
    {
        PrintKnownCases(output);
        output.WriteLine();
        output.WriteLine("attack_strings.jsonl: every row as a tool argument and as a chat message, default options");
        output.WriteLine($"  {"kind",-28}{"source",-24}{"rows",7}{"argument",10}{"chat",8}");
        foreach (var ((kind, source), counts) in Results)
        {
            output.WriteLine($"  {kind,-28}{source,-24}{counts.Rows,7}{Show(counts.Rate(ThreatContext.Argument)),10}{Show(counts.Rate(ThreatContext.Chat)),8}");
        }

        output.WriteLine("  macro averages over kinds");
        Line("attacks of the named kinds", ThreatKinds.Named, ThreatKinds.RecallTarget, atLeast: true, ThreatContext.Argument);
        Line("attacks of the named kinds", ThreatKinds.Named, null, atLeast: true, ThreatContext.Chat);
        Line("benign chat and arguments", ThreatKinds.Plain, ThreatKinds.PlainTarget, atLeast: false, ThreatContext.Argument);
        Line("benign chat and arguments", ThreatKinds.Plain, ThreatKinds.PlainTarget, atLeast: false, ThreatContext.Chat);
        Line("SQL, shell and code", ThreatKinds.Code, null, atLeast: false, ThreatContext.Argument);
        Line("SQL, shell and code", ThreatKinds.Code, ThreatKinds.CodeTarget, atLeast: false, ThreatContext.Chat);

        void Line(string what, string[] kinds, double? target, bool atLeast, ThreatContext context)
        {
            var byKind = kinds.Select(kind => Results.Where(result => result.Key.Kind == kind).Select(result => result.Value).ToList())
                .Where(found => found.Count > 0)
                .Select(found => (double)found.Sum(counts => counts.Blocked[(int)context]) / found.Sum(counts => counts.Rows))
                .ToList();
            if (byKind.Count == 0)
            {
                return;
            }

            var rate = byKind.Average();
            var verdict = target is not { } bound ? "" : (atLeast ? rate >= bound : rate <= bound) ? $"; target {(atLeast ? ">=" : "<=")} {Show(bound)} holds"
                : $"; target {(atLeast ? ">=" : "<=")} {Show(bound)} DOES NOT HOLD";
            output.WriteLine($"    {what,-30}as {(context == ThreatContext.Argument ? "tool argument" : "chat message"),-15}{Show(rate)}{verdict}");
        }
    }

    /// <summary>What the guard does with one text: the same scanner, rules and table of actions, with default options.</summary>
    private bool IsBlocked(string text, ThreatContext context)
    {
        _hits.Clear();
        if (context == ThreatContext.Argument)
        {
            _rules.Scan(text, ArgumentKind.Text, isBase64: false, _hits);
        }

        _scanner.Scan(text, context, ArgumentKind.Text, _hits);
        return _judge.Blocks(_hits);
    }

    private void PrintKnownCases(TextWriter output)
    {
        var wrong = 0;
        output.WriteLine();
        output.WriteLine("cases recorded of version 1.0, and the contract around them");
        foreach (var one in KnownCases.All)
        {
            foreach (var (context, wanted) in new[] { (ThreatContext.Argument, one.Argument), (ThreatContext.Chat, one.Chat) })
            {
                var blocked = IsBlocked(one.Text, context);
                var isRight = wanted is null || wanted == blocked;
                wrong += isRight ? 0 : 1;
                var got = string.Join(" ", _hits.Found.Where(hit => hit.Counts).Select(hit => hit.Rule).Distinct().Take(3));
                output.WriteLine($"  {(isRight ? "ok   " : "WRONG")} {context,-9}{(wanted is null ? "either" : wanted.Value ? "block" : "pass"),-7}"
                    + $"{(blocked ? "block" : "pass"),-6} {one.Text.ReplaceLineEndings("\\n"),-52} {got}");
            }
        }

        output.WriteLine($"  {wrong} wrong");
    }

    private static string Show(double value) => value.ToString("0.000", CultureInfo.InvariantCulture);

    /// <summary>What came out for one kind of one source.</summary>
    public sealed class Counts
    {
        public bool IsAttack { get; init; }

        public int Rows { get; set; }

        public int[] Blocked { get; } = new int[3];

        public double Rate(ThreatContext context) => Rows == 0 ? 0 : (double)Blocked[(int)context] / Rows;
    }
}
