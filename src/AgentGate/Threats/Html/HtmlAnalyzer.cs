using AgentGate.Threats.Detection;

namespace AgentGate.Threats.Html;

/// <summary>Reads a text as markup and script.</summary>
internal sealed class HtmlAnalyzer : IThreatAnalyzer
{
    public ThreatFamily Family => ThreatFamily.Xss;

    public bool MayMatch(ReadOnlySpan<char> text) => false;

    public void Analyze(in ThreatText text, ThreatHits hits)
    {
    }
}
