using AgentGate.Threats.Html;
using AgentGate.Threats.Shell;
using AgentGate.Threats.Sql;

namespace AgentGate.Threats.Detection;

/// <summary>Reads a text in every reading and asks every family about each. Thread-safe.</summary>
internal sealed class ThreatScanner
{
    private readonly IThreatAnalyzer[] _analyzers =
    [
        new SqlAnalyzer(), new ShellAnalyzer(), new HtmlAnalyzer(), new PathAnalyzer(), new LdapAnalyzer(),
        new SsrfAnalyzer(), new HeaderAnalyzer(), new NoSqlAnalyzer(), new TemplateAnalyzer(), new XxeAnalyzer(),
    ];

    /// <summary>The score from which on a hit counts, by context.</summary>
    public static int Threshold(ThreatContext context) => context switch
    {
        ThreatContext.Argument => 50,
        ThreatContext.Chat => 75,
        _ => 95,
    };

    /// <summary>Scans a text.</summary>
    public void Scan(ReadOnlySpan<char> text, ThreatContext context, ArgumentKind kind, ThreatHits hits)
    {
        foreach (var analyzer in _analyzers)
        {
            if (analyzer.MayMatch(text))
            {
                analyzer.Analyze(new ThreatText(text, context, kind), hits);
            }
        }
    }
}
