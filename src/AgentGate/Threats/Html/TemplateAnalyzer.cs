using AgentGate.Threats.Detection;

namespace AgentGate.Threats.Html;

/// <summary>Reads a text as a template.</summary>
internal sealed class TemplateAnalyzer : IThreatAnalyzer
{
    public ThreatFamily Family => ThreatFamily.Template;

    public bool MayMatch(ReadOnlySpan<char> text) => false;

    public void Analyze(in ThreatText text, ThreatHits hits)
    {
    }
}
