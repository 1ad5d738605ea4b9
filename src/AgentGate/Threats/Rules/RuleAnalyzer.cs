using AgentGate.Threats.Detection;

namespace AgentGate.Threats.Rules;

/// <summary>Compares every reading of an argument with the blocked paths and patterns of configuration.</summary>
internal sealed class RuleAnalyzer(BlockedPaths paths, BlockedPatterns patterns) : IThreatAnalyzer
{
    public const string PathRule = "rule.path";
    public const string PatternRule = "rule.pattern";

    public ThreatFamily Family => ThreatFamily.PathTraversal;

    public bool MayMatch(ReadOnlySpan<char> text) => true;

    public void Analyze(in ThreatText text, ThreatHits hits)
    {
        if (paths.Blocks(text.Text, text.Kind == ArgumentKind.Path))
        {
            hits.Add(PathRule, Family, ThreatSeverity.High, 0, text.Text.Length, 100);
        }

        if (patterns.Blocks(text.Text))
        {
            hits.Add(PatternRule, Family, ThreatSeverity.High, 0, text.Text.Length, 100);
        }
    }
}
