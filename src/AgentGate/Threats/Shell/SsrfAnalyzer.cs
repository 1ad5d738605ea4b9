using AgentGate.Threats.Detection;

namespace AgentGate.Threats.Shell;

/// <summary>Reads a text as an address to fetch.</summary>
internal sealed class SsrfAnalyzer : IThreatAnalyzer
{
    public ThreatFamily Family => ThreatFamily.Ssrf;

    public bool MayMatch(ReadOnlySpan<char> text) => false;

    public void Analyze(in ThreatText text, ThreatHits hits)
    {
    }
}
