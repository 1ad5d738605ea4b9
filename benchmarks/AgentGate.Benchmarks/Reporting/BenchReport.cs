using System.Globalization;
using System.Text.Json;

namespace AgentGate.Benchmarks.Reporting;

/// <summary>Shows tables to a person, or as JSON.</summary>
internal static class BenchReport
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public static void Print(TextWriter output, MachineConditions conditions, IReadOnlyList<BenchTable> tables)
    {
        output.WriteLine(conditions.ToText());
        foreach (var table in tables)
        {
            output.WriteLine();
            Print(output, table);
        }
    }

    public static void PrintJson(TextWriter output, MachineConditions conditions, IReadOnlyList<BenchTable> tables)
        => output.WriteLine(JsonSerializer.Serialize(
            new
            {
                Conditions = conditions,
                Tables = tables.Select(table => new
                {
                    table.Id,
                    table.Title,
                    Rows = table.Rows.Select(row => new
                    {
                        row.Name,
                        Values = table.Columns.Zip(row.Values).ToDictionary(pair => pair.First.Name, pair => pair.Second),
                        row.Target,
                        row.Holds,
                    }),
                    table.Notes,
                }),
            },
            Indented));

    private static void Print(TextWriter output, BenchTable table)
    {
        output.WriteLine(table.Title);
        var cells = table.Rows.Select(row => (string[])[row.Name, .. table.Columns.Zip(row.Values, Show), Verdict(row)]).ToList();
        string[] head = ["", .. table.Columns.Select(column => column.Name), table.Rows.Exists(row => row.Target is not null) ? "target" : ""];
        cells.Insert(0, head);
        var widths = Enumerable.Range(0, head.Length).Select(i => cells.Max(line => line[i].Length)).ToArray();
        foreach (var line in cells)
        {
            var text = string.Join("  ", line.Select((cell, i) =>
                i == 0 || i == line.Length - 1 ? cell.PadRight(widths[i]) : cell.PadLeft(widths[i])));
            output.WriteLine("  " + text.TrimEnd());
        }

        foreach (var note in table.Notes)
        {
            output.WriteLine("  * " + note);
        }
    }

    private static string Show((string Name, string Format) column, double? value)
        => value?.ToString(column.Format, CultureInfo.InvariantCulture) ?? "-";

    private static string Verdict(BenchRow row)
        => row.Target is null ? "" : $"{row.Target}: {(row.Holds is true ? "holds" : "DOES NOT HOLD")}";
}
