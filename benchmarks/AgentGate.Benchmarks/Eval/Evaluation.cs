using AgentGate.Pii;
using AgentGate.Pii.Detection;

namespace AgentGate.Benchmarks.Eval;

/// <summary>
/// Judges every row in the same fixed context: the bare text of the row is scanned with default options.
/// A row with label 1 asks for a finding of its type (overlapping a given span, where spans are given); a row with label 0
/// asks for none of its type. In texts with spans, a finding answers a span of the same type if the part they share is at
/// least four fifths of the part they cover together.
/// </summary>
internal sealed class Evaluation
{
    private const double SharedPart = 0.8;
    private readonly PiiScanner _scanner = new(new PiiOptions());
    private readonly List<PiiMatch> _matches = [];

    /// <summary>Every wrong answer, for <c>--errors</c>.</summary>
    public List<string> Errors { get; } = [];

    /// <summary>Rows that are one value each, or none.</summary>
    public FileResult JudgeRows(string file, IReadOnlyList<EvalRow> rows, Func<string, KindTarget?> target)
    {
        var result = new FileResult(file, rows.Count);
        foreach (var row in rows)
        {
            var kind = target(row.Kind);
            if (kind is null)
            {
                result.Untyped++;
                continue;
            }

            Scan(row.Text);
            var found = row.Label == 1 ? Finds(row, kind.Type) : _matches.Any(match => KindMap.Answers(kind.Type, match.Type));
            FileResult.Of(kind.IsCounted ? result.Sources : result.OtherSources, row.Source).Count(row.Label == 1, found);
            FileResult.Of(kind.IsCounted ? result.Types : result.OtherTypes, kind.IsCounted ? kind.Type : row.Kind).Count(row.Label == 1, found);
            if (found != (row.Label == 1))
            {
                Note(file, row, kind.Type, row.Label == 1 ? "missed" : "wrong");
            }
        }

        return result;
    }

    /// <summary>Texts with any number of labelled spans.</summary>
    public FileResult JudgeSpans(string file, IReadOnlyList<EvalRow> rows)
    {
        var result = new FileResult(file, rows.Count) { HasSpans = true };
        foreach (var row in rows)
        {
            Scan(row.Text);
            var taken = new HashSet<int>();
            var source = FileResult.Of(result.Sources, row.Source);
            var right = source.FalseNegatives + source.FalsePositives + source.TruePositives;
            foreach (var span in row.Spans)
            {
                if (KindMap.OfLabel(span.Label) is not { IsCounted: true } kind)
                {
                    continue;
                }

                var index = _matches.FindIndex(match => match.Type == kind.Type && SharesEnough(match, span) && !taken.Contains(match.Start));
                var found = index >= 0 && taken.Add(_matches[index].Start);
                FileResult.Of(result.Types, kind.Type).Count(true, found);
                source.Count(true, found);
                if (!found)
                {
                    Note(file, row with { Text = Around(row.Text, span.Start, span.End) }, kind.Type, "missed");
                }
            }

            foreach (var match in _matches)
            {
                if (!taken.Contains(match.Start) && KindMap.Counted.Contains(match.Type))
                {
                    FileResult.Of(result.Types, match.Type).Count(false, true);
                    source.Count(false, true);
                    Note(file, row with { Text = Around(row.Text, match.Start, match.Start + match.Length) }, match.Type, "wrong");
                }
            }

            if (right == source.FalseNegatives + source.FalsePositives + source.TruePositives)
            {
                source.Count(false, false);
            }
        }

        return result;
    }

    private void Scan(string text)
    {
        _matches.Clear();
        _scanner.Scan(text, _matches);
    }

    private bool Finds(EvalRow row, string type) => _matches.Any(match => KindMap.Answers(type, match.Type)
        && (row.Spans.Count == 0 || row.Spans.Any(span => match.Start < span.End && span.Start < match.Start + match.Length)));

    private static bool SharesEnough(PiiMatch match, EvalSpan span)
    {
        var shared = Math.Min(match.Start + match.Length, span.End) - Math.Max(match.Start, span.Start);
        var covered = Math.Max(match.Start + match.Length, span.End) - Math.Min(match.Start, span.Start);
        return shared >= SharedPart * covered;
    }

    private static string Around(string text, int start, int end) =>
        $"{text[Math.Max(0, start - 40)..start]}[{text[start..end]}]{text[end..Math.Min(text.Length, end + 20)]}";

    private void Note(string file, EvalRow row, string type, string what) => Errors.Add(
        $"{what} {type} ({Path.GetFileName(file)}, {row.Source}, {row.Kind}): {row.Text.ReplaceLineEndings("\\n")} "
        + $"=> {string.Join(" ", _matches.Take(4).Select(match => match.Type))}");
}
