using System.Buffers;
using AgentGate.Threats.Detection;

namespace AgentGate.Threats.Sql;

/// <summary>Reads a text as part of a directory filter (RFC 4515) and as an XPath expression: does it end what is around it?</summary>
internal sealed class LdapAnalyzer : IThreatAnalyzer
{
    private static readonly SearchValues<string> s_signs = SearchValues.Create(
        [")(", ") (", "*)", "(|", "(&", "(!", "*(", "*|", "::", "()", "(/", "//*", "]/", "@*", "\\2", "]|", "] |", "))", "(name(", ")%00"],
        StringComparison.Ordinal);

    private static readonly SearchValues<char> s_single = SearchValues.Create("()|&!%");

    /// <summary>Every one of the signs holds one of these.</summary>
    private static readonly SearchValues<char> s_inSigns = SearchValues.Create("()*:]\\");

    private static readonly SearchValues<char> s_filterSigns = SearchValues.Create("*()|&!@/");

    public ThreatFamily Family => ThreatFamily.Ldap;

    public bool MayMatch(ReadOnlySpan<char> text) => (text.ContainsAny(s_inSigns) && text.ContainsAny(s_signs)) || (text.Length <= 3 && text.ContainsAny(s_single));

    public void Analyze(in ThreatText text, ThreatHits hits)
    {
        var body = text.Text;
        Signs(text, hits);
        XPathRules.Judge(text, hits);
        var depth = 0;
        var words = 0;
        for (var at = 0; at < body.Length; at++)
        {
            switch (body[at])
            {
                case '(':
                    Appended(text, hits, at, depth, words);
                    depth++;
                    break;
                case ')':
                    if (depth == 0)
                    {
                        Closed(text, hits, at, words);
                    }

                    depth = Math.Max(0, depth - 1);
                    break;
                case ' ' or '\n':
                    words++;
                    break;
            }
        }
    }

    /// <summary><c>*)(uid=*</c>, <c>admin)(&amp;)</c>: the filter around is closed and another one opened.</summary>
    private static void Closed(in ThreatText text, ThreatHits hits, int at, int words)
    {
        var body = text.Text;
        var next = at + 1;
        var limit = Math.Min(body.Length, at + 24);
        while (next < limit && (body[next] == ')' || body[next] == ' '))
        {
            next++;
        }

        var isWild = at > 0 && body[at - 1] == '*';
        var rest = next < body.Length ? body[next..] : default;
        if (rest.Length > 0 && rest[0] == '(')
        {
            var item = SkipOpeners(rest);
            var isItem = Item(rest[item..]) || (item < rest.Length && rest[item] is '&' or '|' or '!');
            if (isItem || (isWild && item == rest.Length))
            {
                Report(text, hits, "ldap.filter", at, next + item, 86, words <= 3 ? 82 : 60);
            }
        }
        else if (isWild && words <= 1 && (rest.Length == 0 ? next > at + 1 || at <= 1 : rest[0] is '*' or '|' or '&' or '\0' || rest.StartsWith("%00") || rest.StartsWith("\\00") || rest.StartsWith("\\x00")))
        {
            Report(text, hits, "ldap.filter", at - 1, next, 70, 60);
        }
        else if (words == 0 && at <= 32 && next > at + 1 && rest.Length > 0 && (rest[0] == '\0' || rest.StartsWith("%00") || rest.StartsWith("\\00") || rest.StartsWith("\\x00")))
        {
            Report(text, hits, "ldap.filter", at, next, 70, 60);
        }
    }

    /// <summary><c>*(|(mail=*))</c>: a filter behind a value.</summary>
    private static void Appended(in ThreatText text, ThreatHits hits, int at, int depth, int words)
    {
        var body = text.Text;
        if (depth != 0 || at == 0 || words > 1 || at + 2 >= body.Length || !(body[at - 1] == '*' || char.IsAsciiLetterOrDigit(body[at - 1])))
        {
            return;
        }

        var rest = body[(at + 1)..];
        if (rest[0] is '|' or '&' or '!' && rest[1] == '(' && Item(rest[SkipOpeners(rest[1..])..].TrimStart('(')))
        {
            Report(text, hits, "ldap.filter", at - 1, at + 3, 78, 60);
        }
        else if (rest[0] == ')' && body[at - 1] == '*' && rest[1] is '|' or '&')
        {
            Report(text, hits, "ldap.filter", at - 1, at + 3, 70, 50);
        }
    }

    /// <summary>A value of nothing but the signs of filters and paths, more than one, or escaped so that they are read.</summary>
    private static void Signs(in ThreatText text, ThreatHits hits)
    {
        var body = text.Text.Trim();
        if (body.Length is 0 or > 6 || text.Context != ThreatContext.Argument)
        {
            return;
        }

        var isEscape = body.Length == 3 && body[0] is '\\' or '%' && body[1] == '2' && body[2] is '1' or '6' or '8' or '9' or 'a' or 'A';
        var isEncoded = text.IsDecoded && body.Length == 1 && body[0] is '(' or ')' or '|' or '&' or '!';
        var isSigns = body.Length > 1 && !body.ContainsAnyExcept(s_filterSigns) && body.ContainsAny("|&()@") && body.Contains('*');
        if (isEscape || isEncoded || isSigns || body is "//*")
        {
            Report(text, hits, "ldap.signs", 0, body.Length, isEncoded ? 45 : 55, 0);
        }
    }

    private static int SkipOpeners(ReadOnlySpan<char> text)
    {
        var at = 0;
        while (at < text.Length && at < 16 && text[at] is '(' or ' ')
        {
            at++;
        }

        return at;
    }

    /// <summary>An item of a filter: an attribute, a comparison. Attributes are words, options follow a semicolon.</summary>
    private static bool Item(ReadOnlySpan<char> text)
    {
        var at = 0;
        while (at < text.Length && at < 48 && text[at] is '|' or '&' or '!' or '(')
        {
            at++;
        }

        var start = at;
        while (at < text.Length && at < 64 && (char.IsAsciiLetterOrDigit(text[at]) || text[at] is '-' or '.' or ';' or ':' or '_'))
        {
            at++;
        }

        if (at == start || at >= text.Length || !char.IsAsciiLetter(text[start]))
        {
            return false;
        }

        return text[at] == '=' ? at + 1 >= text.Length || text[at + 1] != '=' : text[at] is '~' or '<' or '>' && at + 1 < text.Length && text[at + 1] == '=';
    }

    internal static void Report(in ThreatText text, ThreatHits hits, string rule, int from, int to, int argument, int chat)
    {
        var score = text.Context switch
        {
            ThreatContext.Chat => chat,
            ThreatContext.Code => chat - 10,
            _ => text.Kind is ArgumentKind.Command or ArgumentKind.Html or ArgumentKind.Sql ? chat : argument,
        };
        if (score >= 25)
        {
            hits.Add(rule, ThreatFamily.Ldap, ThreatSeverity.High, from, Math.Max(1, to - from), text.IsDecoded && score >= 40 ? Math.Min(100, score + 10) : score);
        }
    }
}
