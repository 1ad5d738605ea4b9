using AgentGate.Threats.Injection;

namespace AgentGate.Benchmarks.Training;

/// <summary>The texts as windows of features, over one vocabulary.</summary>
internal sealed class WindowSet
{
    private WindowSet(InjectionModel model, IReadOnlyList<TrainingRow> rows, int[][][] windows)
    {
        Model = model;
        Rows = rows;
        Windows = windows;
    }

    public InjectionModel Model { get; }

    public IReadOnlyList<TrainingRow> Rows { get; }

    /// <summary>For each row its windows, for each window its features.</summary>
    public int[][][] Windows { get; }

    /// <summary>Reads the rows with the same code that judges a call.</summary>
    public static WindowSet Read(InjectionModel model, IReadOnlyList<TrainingRow> rows)
    {
        var reader = new InjectionWindows(InjectionLexicon.Shipped, model);
        var windows = new int[rows.Count][][];
        for (var at = 0; at < rows.Count; at++)
        {
            reader.Read(rows[at].Text);
            List<int[]> list = [];
            var cursor = default(InjectionWindows.Cursor);
            while (reader.Next(ref cursor))
            {
                list.Add(reader.Features(cursor.Start, cursor.End).ToArray());
            }

            windows[at] = [.. list];
        }

        return new WindowSet(model, rows, windows);
    }

    /// <summary>In how many rows of each source every word and pair of words stands.</summary>
    public static Dictionary<string, Dictionary<string, int>> Count(IReadOnlyList<TrainingRow> rows)
    {
        var text = new InjectionText(InjectionLexicon.Shipped);
        var names = InjectionLexicon.Shipped.Names;
        var counts = new Dictionary<string, Dictionary<string, int>>(StringComparer.Ordinal);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var row in rows.Where(row => !row.IsContextDependent))
        {
            seen.Clear();
            text.Clear(row.Text.Length);
            text.Read(row.Text);
            var tokens = text.Tokens;
            for (var at = 0; at < tokens.Length; at++)
            {
                var word = Word(text, tokens[at]);
                seen.Add(word);
                if (at + 1 < tokens.Length && (tokens[at].Marks & TokenMarks.Ends) == 0)
                {
                    seen.Add(word + " " + Word(text, tokens[at + 1]));
                    if (tokens[at].Class != 0 || tokens[at + 1].Class != 0)
                    {
                        seen.Add(Unit(tokens[at]) + " " + Unit(tokens[at + 1]));
                    }
                }
            }

            foreach (var term in seen)
            {
                if (!counts.TryGetValue(term, out var count))
                {
                    counts[term] = count = new Dictionary<string, int>(StringComparer.Ordinal);
                }

                count[row.Source] = count.GetValueOrDefault(row.Source) + 1;
            }
        }

        return counts;

        string Unit(in InjectionToken token) => token.Class != 0 ? $"<{names[token.Class]}>" : Word(text, token);
    }

    private static string Word(InjectionText text, in InjectionToken token)
        => token.Hash == InjectionText.NumberHash ? "#" : token.Hash == InjectionText.MailHash ? "@mail" : text.WordOf(token).ToString();
}
