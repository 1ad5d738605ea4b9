using AgentGate.Threats.Detection;

namespace AgentGate.Threats.Html;

/// <summary>Reads a text as XML with a document type.</summary>
internal sealed class XxeAnalyzer : IThreatAnalyzer
{
    public ThreatFamily Family => ThreatFamily.Xxe;

    public bool MayMatch(ReadOnlySpan<char> text) => false;

    public void Analyze(in ThreatText text, ThreatHits hits)
    {
    }
}
