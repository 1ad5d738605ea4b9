using System.Globalization;

namespace AgentGate.Benchmarks.Training;

/// <summary>Every row as judged by a model that never saw its source.</summary>
internal static class LeaveOneOut
{
    private static readonly double[] s_rates = [0.01, 0.005, 0.002];

    public static void Print(TextWriter output, IReadOnlyList<TrainingRow> rows, float[] logits)
    {
        var benign = Enumerable.Range(0, rows.Count).Where(row => !rows[row].IsAttack).ToList();
        var sorted = benign.Select(row => logits[row]).Order().ToArray();
        var thresholds = s_rates.Select(rate => Threshold(rows, logits, benign, rate)).ToArray();
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"thresholds (logit) at macro FP 1 / 0.5 / 0.2 %: {string.Join(" ", thresholds.Select(value => value.ToString("F2", CultureInfo.InvariantCulture)))}"));
        output.WriteLine($"{"attacks, by source",-48}{"rows",6}{"AUC",8}{"@1%",8}{"@0.5%",8}{"@0.2%",8}");
        List<double[]> table = [];
        foreach (var group in Enumerable.Range(0, rows.Count).Where(row => rows[row].IsAttack).GroupBy(row => rows[row].Source + (rows[row].IsContextDependent ? " (context)" : "")).OrderBy(group => group.Key, StringComparer.Ordinal))
        {
            var auc = group.Average(row => (Below(sorted, logits[row]) + Below(sorted, MathF.BitIncrement(logits[row]))) / 2.0 / sorted.Length);
            double[] values = [auc, .. thresholds.Select(threshold => group.Average(row => logits[row] >= threshold ? 1.0 : 0))];
            Line(output, group.Key, group.Count(), values);
            if (!group.Key.EndsWith(')') || !group.Key.Contains("(context)", StringComparison.Ordinal))
            {
                table.Add(values);
            }
        }

        Line(output, "macro over sources, without context", table.Count, [.. Enumerable.Range(0, 4).Select(column => table.Average(values => values[column]))]);
        output.WriteLine($"{"harmless, by source",-48}{"rows",6}{"",8}{"FP",8}{"FP",8}{"FP",8}");
        foreach (var group in benign.GroupBy(row => rows[row].Source).OrderBy(group => group.Key, StringComparer.Ordinal))
        {
            Line(output, group.Key, group.Count(), [double.NaN, .. thresholds.Select(threshold => group.Average(row => logits[row] >= threshold ? 1.0 : 0))]);
        }
    }

    public static void PrintErrors(TextWriter output, IReadOnlyList<TrainingRow> rows, float[] logits)
    {
        foreach (var row in Enumerable.Range(0, rows.Count).Where(row => !rows[row].IsAttack).OrderByDescending(row => logits[row]).Take(150))
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"FP {logits[row]:F2} {rows[row].Source} {rows[row].Kind}: {Short(rows[row].Text)}"));
        }

        foreach (var group in Enumerable.Range(0, rows.Count).Where(row => rows[row] is { IsAttack: true, IsContextDependent: false }).GroupBy(row => rows[row].Source))
        {
            foreach (var row in group.OrderBy(row => logits[row]).Take(25))
            {
                output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"FN {logits[row]:F2} {rows[row].Source} {rows[row].Kind}: {Short(rows[row].Text)}"));
            }
        }
    }

    /// <summary>The least logit at which the harmless sources, each counting alike, have no more wrong than the rate.</summary>
    public static float Threshold(IReadOnlyList<TrainingRow> rows, float[] logits, IReadOnlyList<int> benign, double rate)
    {
        var sizes = benign.GroupBy(row => rows[row].Source).ToDictionary(group => group.Key, group => group.Count());
        var sum = 0.0;
        var last = float.PositiveInfinity;
        foreach (var row in benign.OrderByDescending(row => logits[row]))
        {
            sum += 1.0 / sizes[rows[row].Source] / sizes.Count;
            if (sum > rate)
            {
                return MathF.BitIncrement(Math.Min(last, logits[row]));
            }

            last = logits[row];
        }

        return float.NegativeInfinity;
    }

    private static int Below(float[] sorted, float value)
    {
        var (low, high) = (0, sorted.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = sorted[middle] < value ? (middle + 1, high) : (low, middle);
        }

        return low;
    }

    private static string Short(string text) => (text.Length > 260 ? text[..170] + " […] " + text[^90..] : text).ReplaceLineEndings("\\n");

    private static void Line(TextWriter output, string name, int count, double[] values)
        => output.WriteLine($"{name,-48}{count,6}" + string.Concat(values.Select(value => (double.IsNaN(value) ? "" : value.ToString("0.000", CultureInfo.InvariantCulture)).PadLeft(8))));
}
