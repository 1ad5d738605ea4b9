using AgentGate.Threats;
using AgentGate.Threats.Detection;
using AgentGate.Threats.Sql;

namespace AgentGate.Tests.Threats.Sql;

/// <summary>One analyser, one text, one verdict.</summary>
internal static class Judging
{
    public static readonly IThreatAnalyzer Sql = new SqlAnalyzer();
    public static readonly IThreatAnalyzer NoSql = new NoSqlAnalyzer();
    public static readonly IThreatAnalyzer Ldap = new LdapAnalyzer();

    public static ThreatHits Judge(this IThreatAnalyzer analyzer, string text, ThreatContext context, ArgumentKind kind = ArgumentKind.Text)
    {
        var hits = new ThreatHits();
        if (analyzer.MayMatch(text))
        {
            analyzer.Analyze(new ThreatText(text, context, kind), hits);
        }

        return hits;
    }

    public static bool Blocks(this IThreatAnalyzer analyzer, string text, ThreatContext context, ArgumentKind kind = ArgumentKind.Text)
        => analyzer.Judge(text, context, kind).Top >= ThreatThresholds.Of(context, analyzer.Family);

    public static bool BlocksArgument(this IThreatAnalyzer analyzer, string text) => analyzer.Blocks(text, ThreatContext.Argument);

    public static bool BlocksChat(this IThreatAnalyzer analyzer, string text) => analyzer.Blocks(text, ThreatContext.Chat);
}
