using System.Globalization;

namespace AgentGate.Benchmarks.Eval;

/// <summary>The results as text.</summary>
internal static class EvalTable
{
    public static void Print(TextWriter output, IReadOnlyList<FileResult> results, EvalSummary summary)
    {
        output.WriteLine("Every row: bare text, default options.");
        foreach (var result in results)
        {
            output.WriteLine();
            output.WriteLine($"{result.File}: {result.Rows} rows" + (result.Untyped > 0 ? $", {result.Untyped} of kinds without a type of ours" : ""));
            output.WriteLine(result.HasSpans
                ? $"  {"",-36}{"found",7}{"missed",8}{"wrong",7}{"recall",9}{"precision",11}{"F1",9}"
                : $"  {"",-36}{"rows",7}{"recall",9}{"FP rate",9}{"right",9}{"F1",9}");
            Section(output, result, "by source", result.Sources);
            Section(output, result, "by type", result.Types);
            Section(output, result, "beside, by source", result.OtherSources);
            Section(output, result, "beside, by kind", result.OtherTypes);
            Line(output, result, "total", Total(result.Types.Values));
        }

        output.WriteLine();
        output.WriteLine($"cases (recognisers and secrets), averaged over types: right {Show(summary.CasesRight)}, recall {Show(summary.CasesRecall)}; "
            + Verdict(summary.CasesHold, "right", EvalSummary.CasesTarget));
        output.WriteLine($"spans, averaged over types: F1 {Show(summary.SpansF1)}; " + Verdict(summary.SpansHold, "F1", EvalSummary.SpansTarget));
    }

    private static void Section(TextWriter output, FileResult result, string title, SortedDictionary<string, Tally> tallies)
    {
        if (tallies.Count == 0)
        {
            return;
        }

        output.WriteLine($"  {title}");
        foreach (var (name, tally) in tallies)
        {
            Line(output, result, "  " + name + (title == "by type" && !KindMap.Counted.Contains(name) ? " (beside)" : ""), tally);
        }
    }

    private static void Line(TextWriter output, FileResult result, string name, Tally tally) => output.WriteLine(result.HasSpans
        ? $"  {name,-36}{tally.TruePositives,7}{tally.FalseNegatives,8}{tally.FalsePositives,7}{Show(tally.Recall),9}{Show(tally.Precision),11}{Show(tally.F1),9}"
        : $"  {name,-36}{tally.Rows,7}{Show(tally.Recall),9}{Show(tally.FalsePositiveRate),9}{Show(tally.Right),9}{Show(tally.F1),9}");

    private static Tally Total(IEnumerable<Tally> tallies)
    {
        var total = new Tally();
        foreach (var tally in tallies)
        {
            total.TruePositives += tally.TruePositives;
            total.FalseNegatives += tally.FalseNegatives;
            total.FalsePositives += tally.FalsePositives;
            total.TrueNegatives += tally.TrueNegatives;
        }

        return total;
    }

    private static string Show(double? value) => value?.ToString("0.000", CultureInfo.InvariantCulture) ?? "-";

    private static string Verdict(bool? holds, string what, double target) => holds switch
    {
        null => "no data for the target",
        true => $"target {what} >= {target.ToString("0.00", CultureInfo.InvariantCulture)} holds",
        false => $"target {what} >= {target.ToString("0.00", CultureInfo.InvariantCulture)} DOES NOT HOLD",
    };
}
