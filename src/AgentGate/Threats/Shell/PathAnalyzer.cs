using AgentGate.Threats.Detection;

namespace AgentGate.Threats.Shell;

/// <summary>Reads a text as a file path.</summary>
internal sealed class PathAnalyzer : IThreatAnalyzer
{
    public ThreatFamily Family => ThreatFamily.PathTraversal;

    public bool MayMatch(ReadOnlySpan<char> text) => false;

    public void Analyze(in ThreatText text, ThreatHits hits)
    {
    }
}
