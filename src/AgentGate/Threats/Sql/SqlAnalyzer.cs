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

    /// <summary>Signs that comparisons, concatenations and stacked statements need, and sentences mostly lack.</summary>
    private static readonly SearchValues<char> s_signs = SearchValues.Create("=|<>^;");

    /// <summary>Marks and parentheses, which sentences have as well: what stands beside them tells.</summary>
    private static readonly SearchValues<char> s_marks = SearchValues.Create("'\"()‘’′“”`");

    private static readonly SearchValues<char> s_inPairs = SearchValues.Create("-/@&");

    private static readonly SearchValues<string> s_pairs = SearchValues.Create(["--", "/*", "@@", "&&"], StringComparison.Ordinal);

    /// <summary>Words of structures that need no sign at all.</summary>
    private static readonly SearchValues<string> s_words = SearchValues.Create(
        [
            "select", "union", "order by", "order+by", "group by", "having", "waitfor", "sleep", "drop ", "insert into", "delete from", "truncate ", "grant ", "exec ", "alter ",
            "declare ", "shutdown", "create t", "create u", "from all_", "from v$", "from sys", "outfile", "information_schema", "master..", "case when", "between", "rlike", "regexp", "like 1", "like 2", "like 3", "like 4", "like 5",
            "like 6", "like 7", "like 8", "like 9",
        ],
        StringComparison.OrdinalIgnoreCase);

    public ThreatFamily Family => ThreatFamily.Sql;

    public bool MayMatch(ReadOnlySpan<char> text) =>
        text.Length > 1 && (text.ContainsAny(s_signs) || (text.ContainsAny(s_inPairs) && text.ContainsAny(s_pairs)) || text.ContainsAny(s_words) || HasMark(text));

    /// <summary>Whether a mark is more than an apostrophe, or a parenthesis more than an aside.</summary>
    private static bool HasMark(ReadOnlySpan<char> text)
    {
        var at = 0;
        while (text[at..].IndexOfAny(s_marks) is var next and >= 0)
        {
            at += next;
            var before = at > 0 ? text[at - 1] : ' ';
            var after = at + 1 < text.Length ? text[at + 1] : ' ';
            if (text[at] == '(' ? char.IsAsciiLetter(before) : text[at] == ')' ? char.IsAsciiDigit(before) && char.IsAsciiLetter(Following(text, at)) : !char.IsLetter(before) || !char.IsLetter(after))
            {
                return true;
            }

            at++;
        }

        return false;
    }

    private static char Following(ReadOnlySpan<char> text, int at)
    {
        do
        {
            at++;
        }
        while (at < text.Length && text[at] is ' ' or ')' or '\'' or '"');

        return at < text.Length ? text[at] : ' ';
    }

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
