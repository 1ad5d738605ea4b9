using AgentGate.Threats;
using AgentGate.Threats.Detection;
using AgentGate.Threats.Html;

namespace AgentGate.Tests.Threats.Html;

/// <summary>Asks the analysers of markup alone, with or without the readings of the scanner.</summary>
internal static class Judge
{
    /// <summary>The score of one reading.</summary>
    public static int Score(IThreatAnalyzer analyzer, string text, ThreatContext context, ArgumentKind kind = ArgumentKind.Text, bool isDecoded = false)
    {
        var hits = new ThreatHits();
        if (analyzer.MayMatch(text))
        {
            analyzer.Analyze(new ThreatText(text, context, kind, isDecoded), hits);
        }

        Assert.All(hits.Found, hit =>
        {
            Assert.InRange(hit.Start, 0, text.Length);
            Assert.InRange(hit.Length, 0, text.Length - hit.Start);
            Assert.InRange(hit.Score, 0, 100);
        });
        return hits.Top;
    }

    /// <summary>Whether a text counts as an attack in any of its readings.</summary>
    public static bool Counts(string text, ThreatContext context, ArgumentKind kind = ArgumentKind.Text)
    {
        var hits = new ThreatHits();
        new ThreatScanner(new HtmlAnalyzer(), new TemplateAnalyzer(), new XxeAnalyzer(), new HeaderAnalyzer()).Scan(text, context, kind, hits);
        return hits.Found.Any(hit => hit.Score >= ThreatThresholds.Of(hit.Context, hit.Family));
    }

    public static void Caught(string text)
    {
        Assert.True(Counts(text, ThreatContext.Chat), $"passes in chat: {text}");
        Assert.True(Counts(text, ThreatContext.Argument), $"passes as an argument: {text}");
    }

    public static void CaughtAsArgument(string text) => Assert.True(Counts(text, ThreatContext.Argument), $"passes as an argument: {text}");

    public static void Clean(string text)
    {
        Assert.False(Counts(text, ThreatContext.Chat), $"caught in chat: {text}");
        Assert.False(Counts(text, ThreatContext.Argument), $"caught as an argument: {text}");
    }

    public static void CleanInChat(string text) => Assert.False(Counts(text, ThreatContext.Chat), $"caught in chat: {text}");
}
