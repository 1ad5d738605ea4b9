using AgentGate.Threats.Injection;

namespace AgentGate.Benchmarks.Training;

/// <summary>The texts as windows of features, over one vocabulary.</summary>
internal sealed class WindowSet
{
    private readonly List<string> _sources;

    private WindowSet(InjectionModel model, IReadOnlyList<TrainingRow> rows, int[][][] windows, List<string> sources)
    {
        _sources = sources;
        Model = model;
        Rows = rows;
        Windows = windows;
    }

    public InjectionModel Model { get; }

    public IReadOnlyList<TrainingRow> Rows { get; }

    /// <summary>For each feature the sources that use it, one bit each.</summary>
    public required ulong[] UsedBy { get; init; }

    /// <summary>For each feature the sources that use it in an attack, one bit each.</summary>
    public required ulong[] AttackedBy { get; init; }

    /// <summary>The bit of a source.</summary>
    public ulong Bit(string source) => 1UL << _sources.IndexOf(source);

    /// <summary>For each row its windows, for each window its features.</summary>
    public int[][][] Windows { get; }

    /// <summary>Reads the rows with the same code that judges a call.</summary>
    public static WindowSet Read(InjectionModel model, IReadOnlyList<TrainingRow> rows)
    {
        var reader = new InjectionWindows(InjectionLexicon.Shipped, model);
        var windows = new int[rows.Count][][];
        var sources = rows.Select(row => row.Source).Distinct().ToList();
        var (usedBy, attackedBy) = (new ulong[model.Count], new ulong[model.Count]);
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
            var bit = rows[at].IsContextDependent ? 0 : 1UL << sources.IndexOf(rows[at].Source);
            foreach (var feature in list.SelectMany(window => window))
            {
                usedBy[feature] |= bit;
                attackedBy[feature] |= rows[at].IsAttack ? bit : 0;
            }
        }

        return new WindowSet(model, rows, windows, sources) { UsedBy = usedBy, AttackedBy = attackedBy };
    }

    /// <summary>The words and pairs of words that stand in enough rows of enough sources.</summary>
    public static List<string> Terms(IReadOnlyList<TrainingRow> rows, int rowsMin, int sourcesMin)
        => [.. Count(rows).Where(term => term.Value.Count >= sourcesMin && term.Value.Values.Sum() >= rowsMin).Select(term => term.Key).Order(StringComparer.Ordinal)];

    private static Dictionary<string, Dictionary<string, int>> Count(IReadOnlyList<TrainingRow> rows)
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
        => token.Hash == InjectionText.NumberHash ? "0" : token.Hash == InjectionText.MailHash ? "@mail" : text.WordOf(token).ToString();
}
