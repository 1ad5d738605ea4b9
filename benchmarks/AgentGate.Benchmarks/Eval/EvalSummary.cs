namespace AgentGate.Benchmarks.Eval;

/// <summary>The averages that the targets are about: over types, each type counting alike.</summary>
/// <param name="CasesRight">Recogniser and credential rows answered rightly.</param>
/// <param name="CasesRecall">Recogniser and credential rows with a value in which it was found.</param>
/// <param name="SpansF1">F1 of the structured types in running text.</param>
internal sealed record EvalSummary(double? CasesRight, double? CasesRecall, double? SpansF1)
{
    public const double CasesTarget = 0.90;
    public const double SpansTarget = 0.95;

    public bool? CasesHold => CasesRight is null ? null : CasesRight >= CasesTarget;

    public bool? SpansHold => SpansF1 is null ? null : SpansF1 >= SpansTarget;

    public static EvalSummary Of(IReadOnlyList<FileResult> results)
    {
        var cases = results.Where(result => !result.HasSpans).SelectMany(result => result.Counted).Select(type => type.Value).ToList();

        // A type that the data never labels has no F1; its findings still show in the table and in the totals.
        var spans = results.Where(result => result.HasSpans).SelectMany(result => result.Counted).Select(type => type.Value)
            .Where(tally => tally.TruePositives + tally.FalseNegatives > 0).ToList();
        return new EvalSummary(Average(cases.Select(tally => tally.Right)), Average(cases.Select(tally => tally.Recall)), Average(spans.Select(tally => tally.F1)));
    }

    private static double? Average(IEnumerable<double?> values)
    {
        var known = values.OfType<double>().ToList();
        return known.Count == 0 ? null : Math.Round(known.Average(), 4);
    }
}
