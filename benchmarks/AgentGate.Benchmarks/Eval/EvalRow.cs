using System.Text.Json;

namespace AgentGate.Benchmarks.Eval;

/// <summary>One row of a data file.</summary>
internal sealed record EvalRow(string Source, string Kind, string Text, int Label, IReadOnlyList<EvalSpan> Spans)
{
    /// <summary>Reads a JSON-lines file; rows without a label of 0 or 1 are left out.</summary>
    public static IReadOnlyList<EvalRow> ReadFile(string path)
    {
        var rows = new List<EvalRow>();
        foreach (var line in File.ReadLines(path))
        {
            if (string.IsNullOrWhiteSpace(line))
            {
                continue;
            }

            using var document = JsonDocument.Parse(line);
            var row = document.RootElement;
            if (row.TryGetProperty("label", out var label) && label.ValueKind == JsonValueKind.Number)
            {
                var text = row.GetProperty("text").GetString() ?? "";
                rows.Add(new EvalRow(row.GetProperty("source").GetString() ?? "", row.GetProperty("kind").GetString() ?? "", text, label.GetInt32(), ReadSpans(row, text)));
            }
        }

        return rows;
    }

    private static List<EvalSpan> ReadSpans(JsonElement row, string text)
    {
        var spans = new List<EvalSpan>();
        if (row.TryGetProperty("spans", out var list) && list.ValueKind == JsonValueKind.Array && list.GetArrayLength() > 0)
        {
            var offsets = Utf16Offsets(text);
            foreach (var span in list.EnumerateArray())
            {
                spans.Add(new EvalSpan(offsets[span.GetProperty("start").GetInt32()], offsets[span.GetProperty("end").GetInt32()], span.GetProperty("label").GetString() ?? ""));
            }
        }

        return spans;
    }

    /// <summary>The files count code points, strings here count UTF-16 units.</summary>
    private static int[] Utf16Offsets(string text)
    {
        var offsets = new int[text.Length + 2];
        var point = 0;
        for (var i = 0; i < text.Length; i++)
        {
            offsets[point++] = i;
            if (char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
            {
                i++;
            }
        }

        Array.Fill(offsets, text.Length, point, offsets.Length - point);
        return offsets;
    }
}

/// <summary>A labelled part of a text, in UTF-16 units.</summary>
internal readonly record struct EvalSpan(int Start, int End, string Label);
