using AgentGate.Threats.Detection;

namespace AgentGate.Threats.Html;

/// <summary>Reads a text as the head of an HTTP message.</summary>
internal sealed class HeaderAnalyzer : IThreatAnalyzer
{
    public ThreatFamily Family => ThreatFamily.Header;

    public bool MayMatch(ReadOnlySpan<char> text) => false;

    public void Analyze(in ThreatText text, ThreatHits hits)
    {
    }
}
