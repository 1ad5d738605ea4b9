using AgentGate.Threats.Detection;

namespace AgentGate.Threats.Sql;

/// <summary>Reads a text as SQL and judges the structure.</summary>
internal sealed class SqlAnalyzer : IThreatAnalyzer
{
    public ThreatFamily Family => ThreatFamily.Sql;

    public bool MayMatch(ReadOnlySpan<char> text) => false;

    public void Analyze(in ThreatText text, ThreatHits hits)
    {
    }
}
