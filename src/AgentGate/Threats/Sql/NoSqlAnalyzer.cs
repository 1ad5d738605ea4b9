using AgentGate.Threats.Detection;

namespace AgentGate.Threats.Sql;

/// <summary>Reads a text as a query of a document database.</summary>
internal sealed class NoSqlAnalyzer : IThreatAnalyzer
{
    public ThreatFamily Family => ThreatFamily.NoSql;

    public bool MayMatch(ReadOnlySpan<char> text) => false;

    public void Analyze(in ThreatText text, ThreatHits hits)
    {
    }
}
