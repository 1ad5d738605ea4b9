using AgentGate.Threats.Rules;

namespace AgentGate.Threats.Detection;

/// <summary>What happens with a hit: what an operator blocks by name is blocked, the rest is the options as a table. One place for the guard and for measuring. Thread-safe.</summary>
internal sealed class ThreatJudge
{
    private const int Severities = 4;
    private const int Families = 10;
    private readonly ThreatAction[] _table = new ThreatAction[4 * Families * Severities];

    public ThreatJudge(ThreatOptions options)
    {
        for (var place = 0; place < 4; place++)
        {
            var bySeverity = place switch { 0 => options.Actions.Chat, 1 => options.Actions.Code, 2 => options.Actions.Argument, _ => options.Actions.Result };
            for (var family = 0; family < Families; family++)
            {
                var own = options.Families.TryGetValue(((ThreatFamily)family).ToString(), out var found)
                    ? place switch { 0 => found.Chat, 1 => found.Code, 2 => found.Argument, _ => found.Result }
                    : null;
                for (var severity = 0; severity < Severities; severity++)
                {
                    _table[Index(place, family, severity)] = own ?? bySeverity.Of((ThreatSeverity)severity);
                }
            }
        }
    }

    /// <summary>What happens with a hit.</summary>
    /// <param name="hit">The hit.</param>
    /// <param name="isResult">Whether it stands in the result of a tool.</param>
    public ThreatAction Of(in ThreatHit hit, bool isResult = false)
        => hit.Rule is RuleAnalyzer.PathRule or RuleAnalyzer.PatternRule ? ThreatAction.Block
            : !hit.Counts ? ThreatAction.Off : _table[Index(isResult ? 3 : (int)hit.Context, (int)hit.Family, (int)hit.Severity)];

    /// <summary>Whether any hit blocks.</summary>
    public bool Blocks(ThreatHits hits)
    {
        foreach (var hit in hits.Found)
        {
            if (Of(hit) == ThreatAction.Block)
            {
                return true;
            }
        }

        return false;
    }

    private static int Index(int place, int family, int severity) => (((place * Families) + family) * Severities) + severity;
}
