using System.Buffers;
using System.Net;
using AgentGate.Threats.Detection;

namespace AgentGate.Threats.Html;

/// <summary>
/// Reads a text as XML (XML 1.0, sections 2.8 and 4): declarations of entities that fetch, that multiply or that are built
/// from others, and the ways XInclude and XSLT have to reach a file. Plain XML and HTML declare no entities.
/// </summary>
internal sealed class XxeAnalyzer : IThreatAnalyzer
{
    private static readonly SearchValues<string> s_marks = SearchValues.Create(
        ["<!ENTITY", "<!DOCTYPE", "xi:include", "XInclude", "xsl:", "<![CDATA[<", "XSL/Transform", "schemaLocation"], StringComparison.OrdinalIgnoreCase);

    private static readonly SearchValues<string> s_transforms = SearchValues.Create(
        ["document(", "unparsed-text(", "php:function", "php:functionstring", "msxsl:script", "xsl:include", "xsl:import", "rt:exec", "java:java", "xalan://", "system-property(", "exslt", "<script", "exsl:document", "ptswarm:"],
        StringComparison.OrdinalIgnoreCase);

    private static readonly SearchValues<char> s_hostEnd = SearchValues.Create("/\\\"'?#: \t\r\n");

    private static readonly string[] s_publishers =
    [
        "w3.org", "apple.com", "sun.com", "oracle.com", "apache.org", "mybatis.org", "ibatis.com", "hibernate.org", "jboss.org", "springframework.org",
        "oasis-open.org", "docbook.org", "puppycrawl.com", "checkstyle.org", "microsoft.com", "netscape.com", "mozilla.org", "google.com", "idealliance.org", "nih.gov",
    ];

    /// <summary>The longest text that can be a piece of a declaration by itself.</summary>
    private const int FragmentMax = 64;

    private static readonly SearchValues<char> s_nameEnd = SearchValues.Create(" \t\r\n\"'>");

    private static readonly SearchValues<char> s_name = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-");

    public ThreatFamily Family => ThreatFamily.Xxe;

    public bool MayMatch(ReadOnlySpan<char> text)
        => (text.Contains('<') && text.ContainsAny(s_marks)) || (text.Length <= FragmentMax && text.ContainsAny(";>"));

    public void Analyze(in ThreatText text, ThreatHits hits)
    {
        var value = text.Text;
        var isChat = text.Context != ThreatContext.Argument;
        if (!isChat && value.Length <= FragmentMax && IsFragment(value.Trim()))
        {
            Add(hits, "xxe.fragment", 0, value.Length, 60);
        }

        Entities(value, isChat, hits);
        DocumentType(value, isChat, hits);
        Reach(value, isChat, hits);
    }

    private static void Add(ThreatHits hits, string rule, int start, int length, int score) =>
        hits.Add(rule, ThreatFamily.Xxe, ThreatSeverity.High, start, length, score);

    /// <summary>A whole value that is a reference to an entity somebody must have declared (XML 1.0, 4.1), or the end of the declarations.</summary>
    private static bool IsFragment(ReadOnlySpan<char> value)
    {
        if (value is "]>")
        {
            return true;
        }

        return value is ['&' or '%', _, _, .., ';'] && char.IsAsciiLetter(value[1]) && !value[1..^1].ContainsAnyExcept(s_name)
            && (value[0] == '%' || !IsDefined(value));
    }

    /// <summary>Whether HTML defines the name; then nobody had to declare it.</summary>
    private static bool IsDefined(ReadOnlySpan<char> reference)
        => WebUtility.HtmlDecode(reference.ToString()) is var decoded && !reference.SequenceEqual(decoded);

    private static void Entities(ReadOnlySpan<char> text, bool isChat, ThreatHits hits)
    {
        var at = 0;
        var best = 0;
        while (text[at..].IndexOf("<!ENTITY", StringComparison.OrdinalIgnoreCase) is var index and >= 0)
        {
            var start = at + index;
            at = start + 8;
            if (at >= text.Length || !char.IsWhiteSpace(text[at]))
            {
                continue;
            }

            var (rule, score) = Entity(text[at..Math.Min(text.Length, at + 512)], isChat);
            if (score > best)
            {
                best = score;
                Add(hits, rule, start, 8, score);
            }
        }
    }

    /// <summary>Judges what follows the word of a declaration: <c>% name SYSTEM "…"</c>, <c>name "…"</c>.</summary>
    private static (string Rule, int Score) Entity(ReadOnlySpan<char> rest, bool isChat)
    {
        rest = rest.TrimStart();
        var isParameter = rest is ['%' or '&', ..];
        rest = isParameter ? rest[(rest[0] == '&' ? rest.IndexOf(';') + 1 : 1)..].TrimStart() : rest;
        var nameEnd = rest.IndexOfAny(s_nameEnd);
        if (nameEnd <= 0)
        {
            return ("", 0);
        }

        rest = rest[nameEnd..].TrimStart();
        if (rest.StartsWith("SYSTEM", StringComparison.OrdinalIgnoreCase) || rest.StartsWith("PUBLIC", StringComparison.OrdinalIgnoreCase))
        {
            return ("xxe.external", isChat ? Target(rest) : 95);
        }

        if (isParameter)
        {
            return ("xxe.parameter", isChat ? rest.Contains("ENTITY", StringComparison.OrdinalIgnoreCase) ? 85 : 60 : 80);
        }

        var quote = rest.IndexOfAny('"', '\'');
        if (quote != 0)
        {
            return ("", 0);
        }

        var close = rest[1..].IndexOf(rest[0]);
        var value = close < 0 ? rest[1..] : rest[1..(close + 1)];
        var references = value.Count('&') - value.Count("&#");
        return references > 1 ? ("xxe.expansion", isChat ? 80 : 85) : ("xxe.internal", isChat ? 30 : 55);
    }

    /// <summary>In a conversation a document type may be explained; a file of the system or another host is what an attack names.</summary>
    private static int Target(ReadOnlySpan<char> rest)
    {
        var quote = rest.IndexOfAny('"', '\'');
        var target = quote < 0 ? default : rest[(quote + 1)..].TrimStart();
        return target.Contains(":/", StringComparison.Ordinal) || target.StartsWith("/", StringComparison.Ordinal) || target.Contains("://", StringComparison.Ordinal) ? 85 : 60;
    }

    private static void DocumentType(ReadOnlySpan<char> text, bool isChat, ThreatHits hits)
    {
        var start = text.IndexOf("<!DOCTYPE", StringComparison.OrdinalIgnoreCase);
        if (start < 0)
        {
            return;
        }

        var rest = text[start..Math.Min(text.Length, start + 1024)];
        var end = rest.IndexOfAny('[', '>');
        var head = end < 0 ? rest : rest[..end];
        var system = head.IndexOf("SYSTEM", StringComparison.OrdinalIgnoreCase);
        if (system >= 0 && !head.Contains("about:legacy-compat", StringComparison.OrdinalIgnoreCase))
        {
            Add(hits, "xxe.doctype", start, head.Length, isChat ? 45 : head.Contains(":/", StringComparison.Ordinal) || head.Contains("\"/", StringComparison.Ordinal) || head.Contains("'/", StringComparison.Ordinal) ? 70 : 50);
        }
        else if (head.Contains("PUBLIC", StringComparison.OrdinalIgnoreCase) && head.IndexOf("://", StringComparison.Ordinal) is var address and >= 0 && !IsPublished(head[(address + 3)..]))
        {
            Add(hits, "xxe.doctype", start, head.Length, isChat ? 40 : 60);
        }

        if (end >= 0 && rest[end] == '[' && rest[end..].Contains('%') && !isChat)
        {
            Add(hits, "xxe.parameter", start, head.Length, 70);
        }
    }

    /// <summary>Whether a document type is fetched from one of those who publish the known ones; the public name beside it is anybody's to write.</summary>
    private static bool IsPublished(ReadOnlySpan<char> address)
    {
        var end = address.IndexOfAny(s_hostEnd);
        var host = end < 0 ? address : address[..end];
        foreach (var publisher in s_publishers)
        {
            if (host.EndsWith(publisher, StringComparison.OrdinalIgnoreCase) && (host.Length == publisher.Length || host[^(publisher.Length + 1)] == '.'))
            {
                return !host.Contains('@');
            }
        }

        return false;
    }

    private static void Reach(ReadOnlySpan<char> text, bool isChat, ThreatHits hits)
    {
        var include = text.IndexOf("xi:include", StringComparison.OrdinalIgnoreCase);
        include = include < 0 && text.Contains("XInclude", StringComparison.OrdinalIgnoreCase) ? text.IndexOf(":include", StringComparison.OrdinalIgnoreCase) : include;
        if (include >= 0 && text[include..].Contains("href", StringComparison.OrdinalIgnoreCase))
        {
            var tag = text[include..];
            var close = tag.IndexOf('>');
            tag = close < 0 ? tag : tag[..close];
            Add(hits, "xxe.include", include, tag.Length, !isChat ? 85 : tag.Contains(":/", StringComparison.Ordinal) || tag.Contains("\"/", StringComparison.Ordinal) || tag.Contains("parse", StringComparison.OrdinalIgnoreCase) ? 78 : 55);
        }

        if (text.IndexOf("XSL/Transform", StringComparison.OrdinalIgnoreCase) is var sheet and >= 0 || (sheet = text.IndexOf("<xsl:", StringComparison.OrdinalIgnoreCase)) >= 0)
        {
            var call = text.IndexOfAny(s_transforms);
            if (call >= 0)
            {
                var isActive = text[call..].Contains('\'') || text[call..].Contains('"');
                Add(hits, "xxe.transform", call, Math.Min(8, text.Length - call), isActive ? isChat ? 65 : 80 : 40);
            }
        }

        if (!isChat && text.IndexOf("<![CDATA[<]]>", StringComparison.OrdinalIgnoreCase) is var split and >= 0)
        {
            Add(hits, "xxe.split", split, 13, 75);
        }
    }
}
