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

    /// <summary>Signs that comparisons and concatenations need, and sentences lack.</summary>
    private static readonly SearchValues<char> s_signs = SearchValues.Create("=|<>^");

    /// <summary>What structures without those signs have instead. Words that sentences use stand here with what follows them in code.</summary>
    private static readonly SearchValues<string> s_words = SearchValues.Create(
        [
            "--", "/*", "@@", "&&", "';", "\";", "')", "\")", "' ", "'+", "'-", "'/", "'o", "'a", "'u", "'%", "'x", "'*", "'&", "\" o", "\" a", "\" x", "\"-\"", "\"&\"", "'#", "' #",
            "select", "union", "order by", "order+by", "group by", "group+by", "waitfor", "sleep(", "sleep (", "exec ", "exec(", "exec+", "execute ", "insert into", "delete from",
            "drop ", "having", "benchmark(", "randomblob", "like '", "like(", "like \"", "like 1", "case when", "char(", "chr(", "ascii(", "if(", "shutdown", "create t", "create u",
            "create o", "alter ", "grant ", "truncate ", "declare ", "infile", "outfile", "load_", "utl_", "dbms_", "xp_", "concat", "version", "between 1",
            "information_schema", "sys", "or true", "and 1", "all_t", "analyse(", "_name", "when ", "begin ",
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
