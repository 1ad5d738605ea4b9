using System.Buffers;
using AgentGate.Threats.Detection;

namespace AgentGate.Threats.Sql;

/// <summary>Expressions of XPath that walk a document the caller does not know, or leave the predicate they stand in.</summary>
internal static class XPathRules
{
    private static readonly SearchValues<char> s_anchors = SearchValues.Create("(:]");

    private static readonly string[] s_axes =
        ["child", "parent", "descendant", "ancestor", "descendant-or-self", "ancestor-or-self", "following", "preceding", "following-sibling", "preceding-sibling", "self", "attribute", "namespace"];

    private static readonly string[] s_functions =
        ["count", "string-length", "name", "local-name", "contains", "starts-with", "substring", "translate", "normalize-space", "string", "doc", "document", "sum", "boolean", "not", "concat", "namespace-uri"];

    /// <summary>Judges a text.</summary>
    public static void Judge(in ThreatText text, ThreatHits hits)
    {
        var body = text.Text;
        var at = 0;
        while (at < body.Length && body[at..].IndexOfAny(s_anchors) is var next and >= 0)
        {
            at += next;
            switch (body[at])
            {
                case '(':
                    Call(text, hits, at);
                    break;
                case ':' when at + 2 < body.Length && body[at + 1] == ':':
                    Axis(text, hits, at);
                    break;
                case ']':
                    Predicate(text, hits, at);
                    break;
            }

            at++;
        }
    }

    /// <summary><c>count(/child::node())</c>, <c>name()='x'</c>.</summary>
    private static void Call(in ThreatText text, ThreatHits hits, int at)
    {
        var body = text.Text;
        var start = at;
        while (start > 0 && at - start < 24 && (char.IsAsciiLetter(body[start - 1]) || body[start - 1] == '-'))
        {
            start--;
        }

        var name = body[start..at];
        var inside = body[(at + 1)..];
        if (name.Length < 3 || inside.Length < 2 || (start > 0 && (char.IsAsciiLetterOrDigit(body[start - 1]) || body[start - 1] is '_' or '.' or '$')))
        {
            return;
        }

        if (inside[0] == ')' && (name is "name" or "position" or "last" or "text" or "local-name"))
        {
            var after = inside[1..].TrimStart(' ');
            if (after.Length > 0 && after[0] == '=' && (after.Length == 1 || after[1] != '='))
            {
                LdapAnalyzer.Report(text, hits, "xpath.function", start, at + 2, Breaks(body, start) ? 80 : 62, Breaks(body, start) ? 78 : 30);
            }

            return;
        }

        if (!Is(s_functions, name))
        {
            return;
        }

        var isPath = inside[0] == '/' && (inside[1] is '/' or '*' or '@' || char.IsAsciiLetter(inside[1])) && !inside.StartsWith("/*)*") || inside.StartsWith("//");
        var isNested = inside.StartsWith("name(/") || inside.StartsWith("local-name(/") || inside.StartsWith("string(/") || inside.StartsWith("name(parent") || inside.StartsWith("name(//");
        if (isPath || isNested)
        {
            LdapAnalyzer.Report(text, hits, "xpath.function", start, at + 2, 74, Breaks(body, start) ? 78 : 30);
        }
    }

    /// <summary><c>parent::node()</c>, <c>descendant::*</c>.</summary>
    private static void Axis(in ThreatText text, ThreatHits hits, int at)
    {
        var body = text.Text;
        var start = at;
        while (start > 0 && at - start < 24 && (char.IsAsciiLetter(body[start - 1]) || body[start - 1] == '-'))
        {
            start--;
        }

        var test = body[(at + 2)..];
        if (Is(s_axes, body[start..at]) && (test.StartsWith("*") || test.StartsWith("node()") || test.StartsWith("text()") || test.StartsWith("comment()")))
        {
            LdapAnalyzer.Report(text, hits, "xpath.axis", start, at + 3, 66, 30);
        }
    }

    /// <summary><c>']|//*|/a['b</c>: the predicate is closed and another path joined.</summary>
    private static void Predicate(in ThreatText text, ThreatHits hits, int at)
    {
        var body = text.Text;
        var rest = body[(at + 1)..].TrimStart(' ');
        if (rest.Length < 2 || rest[0] != '|')
        {
            return;
        }

        rest = rest[1..].TrimStart(' ');
        var before = at - 1;
        while (before >= 0 && at - before < 16 && body[before] is ')' or ' ')
        {
            before--;
        }

        if (rest.Length > 1 && rest[0] == '/' && (before < 0 || body[before] is '\'' or '"' || body[Math.Max(0, at - 256)..at].LastIndexOf('[') < 0))
        {
            LdapAnalyzer.Report(text, hits, "xpath.union", Math.Max(before, 0), at + 2, 88, 82);
        }
    }

    private static bool Breaks(ReadOnlySpan<char> body, int at)
    {
        var before = body[Math.Max(0, at - 24)..at];
        return before.IndexOfAny("'\"") >= 0;
    }

    private static bool Is(string[] names, ReadOnlySpan<char> name)
    {
        foreach (var known in names)
        {
            if (name.SequenceEqual(known))
            {
                return true;
            }
        }

        return false;
    }
}
