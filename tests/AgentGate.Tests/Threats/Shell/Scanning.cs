using AgentGate.Threats;
using AgentGate.Threats.Detection;

namespace AgentGate.Tests.Threats.Shell;

/// <summary>Asks one analyser about one text, without the readings that stand around it.</summary>
internal static class Scanning
{
    public static ThreatHits Scan(IThreatAnalyzer analyzer, string text, ThreatContext context = ThreatContext.Argument, ArgumentKind kind = ArgumentKind.Text, bool isDecoded = false)
    {
        var hits = new ThreatHits();
        if (analyzer.MayMatch(text))
        {
            analyzer.Analyze(new ThreatText(text, context, kind, isDecoded), hits);
        }

        return hits;
    }

    public static bool Blocks(IThreatAnalyzer analyzer, string text, ThreatContext context = ThreatContext.Argument, ArgumentKind kind = ArgumentKind.Text, bool isDecoded = false)
        => Scan(analyzer, text, context, kind, isDecoded).Top >= ThreatThresholds.Of(context, analyzer.Family);
}
