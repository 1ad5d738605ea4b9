using AgentGate.Threats;
using AgentGate.Threats.Detection;

namespace AgentGate.Tests.Threats.Normalization;

/// <summary>Shows what analysers get to see of a text.</summary>
internal static class Readings
{
    /// <summary>Every reading of a text, in the order of judging.</summary>
    public static IReadOnlyList<string> Of(string text, bool isBase64 = false, ThreatContext context = ThreatContext.Argument)
        => [.. Seen(text, isBase64, context).Select(seen => seen.Text)];

    /// <summary>Every reading of a text with how it was shown.</summary>
    public static IReadOnlyList<Probe.Seen> Seen(string text, bool isBase64 = false, ThreatContext context = ThreatContext.Argument)
    {
        var probe = new Probe();
        new ThreatScanner(probe).Scan(text, context, ArgumentKind.Text, new ThreatHits(), isBase64);
        return probe.Texts;
    }

    /// <summary>Where the scanner says that a word stands in the source.</summary>
    public static string? Source(string text, string word)
    {
        var hits = new ThreatHits();
        new ThreatScanner(new Probe { Word = word }).Scan(text, ThreatContext.Argument, ArgumentKind.Text, hits);
        return hits.Found.Count == 0 ? null : text.Substring(hits.Found[0].Start, hits.Found[0].Length);
    }

    /// <summary>Notes every reading, and reports a word as a hit.</summary>
    internal sealed class Probe : IThreatAnalyzer
    {
        public List<Seen> Texts { get; } = [];

        public string? Word { get; init; }

        public ThreatFamily Family { get; init; } = ThreatFamily.Sql;

        public bool MayMatch(ReadOnlySpan<char> text) => true;

        public void Analyze(in ThreatText text, ThreatHits hits)
        {
            Texts.Add(new Seen(text.Text.ToString(), text.Context, text.IsDecoded));
            if (Word is not null && text.Text.IndexOf(Word, StringComparison.Ordinal) is >= 0 and var at)
            {
                hits.Add("test.word", Family, ThreatSeverity.High, at, Word.Length, 90);
            }
        }

        internal sealed record Seen(string Text, ThreatContext Context, bool IsDecoded);
    }
}
