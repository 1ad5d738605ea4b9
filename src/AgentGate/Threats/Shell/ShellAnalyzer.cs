using AgentGate.Threats.Detection;

namespace AgentGate.Threats.Shell;

/// <summary>Reads a text as a command line.</summary>
internal sealed class ShellAnalyzer : IThreatAnalyzer
{
    public ThreatFamily Family => ThreatFamily.Shell;

    public bool MayMatch(ReadOnlySpan<char> text) => false;

    public void Analyze(in ThreatText text, ThreatHits hits)
    {
    }
}
