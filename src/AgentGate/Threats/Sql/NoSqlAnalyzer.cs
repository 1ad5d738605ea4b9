using System.Buffers;
using AgentGate.Threats.Detection;

namespace AgentGate.Threats.Sql;

/// <summary>
/// Reads a text as a query of a document database: an operator where a value belongs, and script that goes on behind a
/// closed string. Every place is looked at a fixed distance ahead and behind.
/// </summary>
internal sealed class NoSqlAnalyzer : IThreatAnalyzer
{
    private const int Near = 64;

    private static readonly SearchValues<string> s_signs = SearchValues.Create(
        ["return", "this.", "db.", "sleep(", "new date", "while(", "while (", "var ", "do{"],
        StringComparison.OrdinalIgnoreCase);

    private static readonly SearchValues<char> s_anchors = SearchValues.Create("$;|&d");

    public ThreatFamily Family => ThreatFamily.NoSql;

    public bool MayMatch(ReadOnlySpan<char> text) => text.Contains('$') || text.Contains("==", StringComparison.Ordinal) || text.ContainsAny(s_signs);

    public void Analyze(in ThreatText text, ThreatHits hits)
    {
        var body = text.Text;
        var words = 0;
        var at = 0;
        while (at < body.Length)
        {
            var next = body[at..].IndexOfAny(s_anchors);
            if (next < 0)
            {
                return;
            }

            words = words > 8 ? words : words + Spaces(body.Slice(at, next));
            at += next;
            switch (body[at])
            {
                case '$':
                    Operator(text, hits, at, words);
                    break;
                case ';':
                    Script(text, hits, at, words);
                    break;
                case '|' or '&' when at + 1 < body.Length && body[at + 1] == body[at]:
                    Condition(text, hits, at, words);
                    at++;
                    break;
                case 'd':
                    Collection(text, hits, at, words);
                    break;
            }

            at++;
        }
    }

    /// <summary><c>{"$gt": ""}</c>, <c>name[$ne]=x</c>, <c>', $where: '1 == 1'</c>.</summary>
    private static void Operator(in ThreatText text, ThreatHits hits, int at, int words)
    {
        var body = text.Text;
        var length = DocumentOperators.LengthAt(body, at);
        if (length == 0)
        {
            return;
        }

        var name = body.Slice(at, length);
        var after = SkipSpace(body, at + length);
        var before = SkipSpaceBack(body, at - 1);
        if (before >= 0 && body[before] == '[' && after < body.Length && body[after] == ']')
        {
            var isForm = after + 1 < body.Length && body[SkipSpace(body, after + 1)..].StartsWith("=") && !body[SkipSpace(body, after + 1)..].StartsWith("==");
            Report(text, hits, "nosql.operator", before, after + 1, isForm ? 88 : 60, isForm ? 80 : 20);
            return;
        }

        var isQuoted = before >= 0 && body[before] is '"' or '\'' && after < body.Length && body[after] is '"' or '\'';
        if (isQuoted)
        {
            after = SkipSpace(body, after + 1);
            before = SkipSpaceBack(body, before - 1);
        }

        if (after >= body.Length || body[after] != ':' || (before >= 0 && body[before] is not ('{' or ',' or '(' or '[')))
        {
            return;
        }

        var value = SkipSpace(body, after + 1);
        var isEmpty = value < body.Length && (body[value..].StartsWith("\"\"") || body[value..].StartsWith("''") || body[value..].StartsWith("null") || body[value..].StartsWith("-1")
            || body[value..].StartsWith("{}") || body[value..].StartsWith("undefined"));
        var isOpen = before < 0 || body[before] == ',' && IsBreak(body, SkipSpaceBack(body, before - 1), body[Math.Max(0, before - 256)..before].LastIndexOf('{') < 0);
        var runs = DocumentOperators.Runs(name);
        Report(text, hits, runs ? "nosql.script" : "nosql.operator", at, value, isOpen || runs ? 85 : 72, isOpen ? 80 : isEmpty && words <= 5 ? 78 : 30);
    }

    /// <summary><c>'; return true; var x='</c>, <c>0;while(1);</c>.</summary>
    private static void Script(in ThreatText text, ThreatHits hits, int at, int words)
    {
        var body = text.Text;
        var before = SkipSpaceBack(body, at - 1);
        var next = SkipSpace(body, at + 1);
        var rest = body.Slice(next, Math.Min(Near, body.Length - next));
        var isBreak = before < 0 || IsBreak(body, before, words <= 1);
        if (!isBreak || (before >= 0 && char.IsAsciiDigit(body[before]) && words > 0))
        {
            return;
        }

        if (StartsStatement(rest))
        {
            Report(text, hits, "nosql.script", Math.Max(before, 0), next + 1, 86, words <= 2 ? 80 : 60);
        }
    }

    private static bool StartsStatement(ReadOnlySpan<char> rest)
    {
        if (Word(rest, "return") is var value and > 0)
        {
            rest = rest[SkipSpace(rest, value)..];
            return rest.Length == 0 || rest[0] is '(' or '\'' or '"' or '!' || char.IsAsciiDigit(rest[0]) || Word(rest, "true") > 0 || Word(rest, "false") > 0 || Word(rest, "this") > 0;
        }

        if (Word(rest, "while") is var loop and > 0 || Word(rest, "do") is var body and > 0 && (loop = body) > 0)
        {
            rest = rest[SkipSpace(rest, loop)..];
            return rest.Length > 0 && rest[0] is '(' or '{';
        }

        return (Word(rest, "sleep") is var sleep and > 0 && sleep + 1 < rest.Length && rest[sleep] == '(' && char.IsAsciiDigit(rest[sleep + 1]))
            || (rest.Contains("=new", StringComparison.OrdinalIgnoreCase) && rest.Contains("date()", StringComparison.OrdinalIgnoreCase))
            || (Word(rest, "var") is var name and > 0 && rest[name..].Contains('='))
            || rest.StartsWith("db.") || rest.StartsWith("this.");
    }

    /// <summary><c>' || 1==1//</c>, <c>' &amp;&amp; this.password.match(/.*/)</c>: conditions as JavaScript writes them.</summary>
    private static void Condition(in ThreatText text, ThreatHits hits, int at, int words)
    {
        var body = text.Text;
        var before = SkipSpaceBack(body, at - 1);
        if (before >= 0 && !IsBreak(body, before, words <= 1))
        {
            return;
        }

        var next = SkipSpace(body, at + 2);
        var rest = body.Slice(next, Math.Min(Near, body.Length - next));
        var end = 0;
        while (end < rest.Length && (char.IsAsciiLetterOrDigit(rest[end]) || rest[end] is '.' or '_' or '\'' or '"'))
        {
            end++;
        }

        var compare = SkipSpace(rest, end);
        var compares = end > 0 && compare + 1 < rest.Length && rest[compare] is '=' or '!' && rest[compare + 1] == '=';
        if (rest.StartsWith("this.") || (compares && words <= 3))
        {
            Report(text, hits, "nosql.condition", Math.Max(before, 0), next + end, 84, before >= 0 && !char.IsAsciiDigit(body[before]) ? 80 : 60);
        }
    }

    /// <summary><c>db.users.drop()</c></summary>
    private static void Collection(in ThreatText text, ThreatHits hits, int at, int words)
    {
        var body = text.Text;
        if (!body[at..].StartsWith("db.") || (at > 0 && (char.IsAsciiLetterOrDigit(body[at - 1]) || body[at - 1] is '.' or '_' or '/' or '-')))
        {
            return;
        }

        var rest = body.Slice(at, Math.Min(Near, body.Length - at));
        var open = rest.IndexOf('(');
        if (open < 0)
        {
            return;
        }

        var call = rest[..open];
        var method = call[(call.LastIndexOf('.') + 1)..];
        var destroys = method is "drop" or "dropDatabase" or "remove" or "deleteMany" or "deleteOne" or "insert" or "insertOne" or "update" or "updateMany" or "eval" or "dropUser"
            or "createUser" or "mapReduce" or "copyDatabase" or "runCommand" or "shutdownServer";
        var reads = method is "find" or "findOne" or "getCollectionNames" or "getUsers" or "aggregate" or "stats" or "version";
        if (destroys || reads)
        {
            var before = SkipSpaceBack(body, at - 1);
            var stacked = before >= 0 && body[before] == ';' && IsBreak(body, SkipSpaceBack(body, before - 1), words <= 1);
            Report(text, hits, "nosql.collection", at, at + open, stacked ? 88 : destroys ? 68 : 45, stacked ? 84 : 20);
        }
    }

    private static void Report(in ThreatText text, ThreatHits hits, string rule, int from, int to, int argument, int chat)
    {
        var score = text.Context switch
        {
            ThreatContext.Chat => chat,
            ThreatContext.Code => chat - 10,
            _ => text.Kind is ArgumentKind.Command or ArgumentKind.Html or ArgumentKind.Sql ? chat : argument,
        };
        if (score >= 25)
        {
            hits.Add(rule, ThreatFamily.NoSql, ThreatSeverity.High, from, Math.Max(1, to - from), text.IsDecoded && score >= 40 ? Math.Min(100, score + 10) : score);
        }
    }

    /// <summary>Whether a value ends here that the text did not begin: a mark, or a number or bracket that leads the text.</summary>
    private static bool IsBreak(ReadOnlySpan<char> body, int at, bool isLead) =>
        at < 0 || (body[at] is '\'' or '"' && body[Math.Max(0, at - 128)..at].Count(body[at]) % 2 == 0) || body[at] == '’' || (isLead && (char.IsAsciiLetterOrDigit(body[at]) || body[at] is ']' or '}' or ')'));

    private static int Word(ReadOnlySpan<char> text, string word) =>
        text.StartsWith(word, StringComparison.OrdinalIgnoreCase) && (text.Length == word.Length || !(char.IsAsciiLetterOrDigit(text[word.Length]) || text[word.Length] == '_')) ? word.Length : 0;

    private static int SkipSpace(ReadOnlySpan<char> text, int at)
    {
        var limit = Math.Min(text.Length, at + Near);
        while (at < limit && SqlTokenizer.IsSpace(text[at]))
        {
            at++;
        }

        return Math.Min(at, text.Length);
    }

    private static int SkipSpaceBack(ReadOnlySpan<char> text, int at)
    {
        var limit = Math.Max(0, at - Near);
        while (at >= limit && SqlTokenizer.IsSpace(text[at]))
        {
            at--;
        }

        return at;
    }

    private static int Spaces(ReadOnlySpan<char> text)
    {
        var limit = Math.Min(text.Length, 256);
        return text[..limit].Count(' ') + text[..limit].Count('\n');
    }
}
