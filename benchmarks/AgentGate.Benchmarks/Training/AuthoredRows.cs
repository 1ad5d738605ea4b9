using System.Text;

namespace AgentGate.Benchmarks.Training;

/// <summary>Rows expanded from the templates written for training; the same rows in every run.</summary>
internal static class AuthoredRows
{
    private const int PerTemplate = 10;

    /// <summary>The rows of both files.</summary>
    public static IEnumerable<TrainingRow> Read(string folder)
        => Expand(Path.Combine(folder, "authored-attacks.txt"), "authored attacks", isAttack: true)
            .Concat(Expand(Path.Combine(folder, "authored-harmless.txt"), "authored harmless", isAttack: false));

    /// <summary>Whether a row comes from here.</summary>
    public static bool IsAuthored(TrainingRow row) => row.Source.StartsWith("authored", StringComparison.Ordinal);

    private static IEnumerable<TrainingRow> Expand(string path, string source, bool isAttack)
    {
        var lists = new Dictionary<string, string>(StringComparer.Ordinal);
        var state = 20260101UL;
        foreach (var line in File.ReadLines(path).Where(line => line.Length > 0 && line[0] != '#'))
        {
            if (line[0] == '@' && line.IndexOf(" = ", StringComparison.Ordinal) is > 0 and var equals)
            {
                lists[line[1..equals]] = line[(equals + 3)..];
                continue;
            }

            foreach (var text in Enumerable.Range(0, PerTemplate).Select(_ => Pick(line)).Distinct().ToList())
            {
                yield return new TrainingRow(source, "authored", text, isAttack, IsContextDependent: false);
            }
        }

        string Pick(string template)
        {
            // "{|" and "|}" of chat markers stand for themselves because a marker is written between angle brackets.
            var text = new StringBuilder();
            for (var at = 0; at < template.Length; at++)
            {
                if (template[at] == '{' && Close(template, at) is var close and > 0)
                {
                    var options = Split(template[(at + 1)..close]);
                    text.Append(Pick(options[(int)(Next() % (ulong)options.Count)]));
                    at = close;
                }
                else if (template[at] == '@' && lists.Keys.FirstOrDefault(name => template.AsSpan(at + 1).StartsWith(name)) is { } list)
                {
                    text.Append(Pick("{" + lists[list] + "}"));
                    at += list.Length;
                }
                else
                {
                    text.Append(template[at]);
                }
            }

            return text.ToString();
        }

        ulong Next()
        {
            state += 0x9E3779B97F4A7C15;
            var mixed = (state ^ (state >> 30)) * 0xBF58476D1CE4E5B9;
            mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
            return mixed ^ (mixed >> 31);
        }
    }

    private static int Close(string text, int open)
    {
        var depth = 0;
        for (var at = open; at < text.Length; at++)
        {
            depth += text[at] == '{' ? 1 : text[at] == '}' ? -1 : 0;
            if (depth == 0)
            {
                return at;
            }
        }

        return -1;
    }

    private static List<string> Split(string text)
    {
        List<string> parts = [];
        var (depth, from) = (0, 0);
        for (var at = 0; at < text.Length; at++)
        {
            depth += text[at] == '{' ? 1 : text[at] == '}' ? -1 : 0;
            var isMarker = (at > 0 && text[at - 1] == '<') || (at + 1 < text.Length && text[at + 1] == '>');
            if (depth == 0 && text[at] == '|' && !isMarker)
            {
                parts.Add(text[from..at]);
                from = at + 1;
            }
        }

        parts.Add(text[from..]);
        return parts;
    }
}
