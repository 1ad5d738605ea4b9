using System.Buffers;
using AgentGate.Threats.Detection;

namespace AgentGate.Threats.Sql;

/// <summary>
/// Reads a text as SQL and judges the structure: what would this do if a statement went on around it? Every quotation
/// mark may be the one that ends a string, and every word may be where the injected code begins.
/// </summary>
internal sealed class SqlAnalyzer : IThreatAnalyzer
{
    private const int Window = 512;
    private const int Behind = 32;
    private const int Ahead = SqlGrammar.Reach + 32;

    /// <summary>Signs that sentences lack and injected code needs one of; quotation marks and brackets alone are prose.</summary>
    private static readonly SearchValues<char> s_signs = SearchValues.Create("=;|@#*<>\"`^&–");

    /// <summary>What code needs that has none of the signs.</summary>
    private static readonly SearchValues<string> s_words = SearchValues.Create(
        [
            "--", "select", "union", "order by", "group by", "order/", "waitfor", "sleep", "sleep(", "exec", "drop ", "insert", "delete", "update", "like", "having",
            "benchmark", "randomblob", "extractvalue", "information_schema", "' ", "')", "'+", "'-", "'/", " '", "'o", "'a", "or ", "and ", "||", "case ", "if(", "char(", "xor", "shutdown",
            "create ", "alter", "grant", "truncate", "declare", "load_", "ascii(", "substr", "version(", "concat", "utl_", "dbms_", "_sleep", "between", "from ", "into ", "limit ",
        ],
        StringComparison.OrdinalIgnoreCase);

    public ThreatFamily Family => ThreatFamily.Sql;

    public bool MayMatch(ReadOnlySpan<char> text) => text.Length > 1 && (text.ContainsAny(s_signs) || text.ContainsAny(s_words));

    public void Analyze(in ThreatText text, ThreatHits hits)
    {
        Span<SqlToken> tokens = stackalloc SqlToken[Window];
        var tokenizer = new SqlTokenizer(text.Text);
        var judge = new SqlJudge(text, hits);
        var kept = 0;
        var from = 0;
        var isFirst = true;
        while (true)
        {
            var count = kept + tokenizer.Fill(tokens[kept..]);
            var isLast = tokenizer.IsAtEnd && count < Window;
            var to = isLast ? count : count - Ahead;
            judge.Judge(tokens[..count], from, to, isFirst, isLast);
            if (isLast)
            {
                return;
            }

            var drop = to - Behind;
            tokens[drop..count].CopyTo(tokens);
            kept = count - drop;
            from = Behind;
            isFirst = false;
        }
    }
}
