using AgentGate.Threats.Detection;

namespace AgentGate.Threats.Sql;

/// <summary>Reads a text as a directory filter or an XPath expression.</summary>
internal sealed class LdapAnalyzer : IThreatAnalyzer
{
    public ThreatFamily Family => ThreatFamily.Ldap;

    public bool MayMatch(ReadOnlySpan<char> text) => false;

    public void Analyze(in ThreatText text, ThreatHits hits)
    {
    }
}
