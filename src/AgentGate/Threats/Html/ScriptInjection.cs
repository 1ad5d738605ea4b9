using System.Buffers;
using AgentGate.Threats.Detection;

namespace AgentGate.Threats.Html;

/// <summary>Script without markup: what breaks out of a string of a page's script, addresses that run it, encodings only attacks use.</summary>
internal static class ScriptInjection
{

    /// <summary>Without one of these there is no call worth reading the text as script for.</summary>
    private static readonly SearchValues<string> s_calls = SearchValues.Create(
        [
            "alert", "confirm", "prompt", "eval", "msgbox", "showmod", "document.", "document[", "document)", "document\\", "location.", "location=", "location =", "location[", "location`", "location)", "cookie", "constructor", "function(", "function`", "settimeout", "setinterval",
            "localstorage", "sessionstorage", "fromcharcode", "fromcodepoint", "execscript", "importscripts", "setimmediate", "[][", "[]+", "[]]", "\\u0", "\\x", "\\u{", "self[", "top[", "window[", "this[", "parent[", "frames[", "globalthis", "reflect",
            "write(", "writeln(", "innerhtml", "outerhtml", "insertadjacent", "atob", "unescape(", "expression(", "__define", "fetch(", "xmlhttprequest", "sendbeacon", "activexobject", "contextualfragment",
        ],
        StringComparison.OrdinalIgnoreCase);

    /// <summary>What stands between a string that is closed and the call that follows.</summary>
    private static readonly SearchValues<char> s_joining = SearchValues.Create(" \t;)}]>-+*/|^&,{(=!:.\\<%");

    /// <summary>Signs of script a call may follow.</summary>
    private static readonly SearchValues<char> s_before = SearchValues.Create(";}{)=,\"':/>!+-*<&|^%~[(");

    private static readonly SearchValues<char> s_quoting = SearchValues.Create("\"'`->]/*\\<! \t(),;");

    private static readonly SearchValues<char> s_scriptSigns = SearchValues.Create("(`=%\\/&");

    private static readonly SearchValues<char> s_operators = SearchValues.Create("-+*^|");

    private static readonly SearchValues<string> s_schemes = SearchValues.Create(["javascript", "vbscript", "livescript", "data:text/html", "data:image/svg", "data:application/x"], StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether an address that may run script is named at all.</summary>
    public static bool HasScheme(ReadOnlySpan<char> text) => text.Contains(':') && text.ContainsAny(s_schemes);

    public static void Judge(in ThreatText text, bool isPage, ref XssFindings findings)
    {
        var value = text.Text;
        var isChat = text.Context != ThreatContext.Argument;
        if (value.ContainsAny(s_calls))
        {
            Call(text, isChat, isPage, ref findings);
        }

        if (value.ContainsAny(s_schemes))
        {
            Address(text, isChat, ref findings);
        }

        if (!isChat)
        {
            Encoded(value, ref findings);
            Closers(value, ref findings);
            if (value.Length <= 512 && value.Contains('\\') && ScriptScore.Style(value, isChat) >= 80)
            {
                findings.Report(XssRule.Style, 0, value.Length, 70);
            }
        }
        else if (value.Contains("+ADw-", StringComparison.Ordinal))
        {
            findings.Report(XssRule.Encoded, value.IndexOf("+ADw-", StringComparison.Ordinal), 5, 80);
        }
    }

    private static void Call(in ThreatText text, bool isChat, bool isPage, ref XssFindings findings)
    {
        var value = text.Text;
        var facts = ScriptReader.Read(value);
        if (facts.At < 0 || isPage)
        {
            return;
        }

        var strong = facts.HasAny(ScriptTraits.Proof | ScriptTraits.Run | ScriptTraits.Handed);
        var leaks = facts.Has(ScriptTraits.Secret | ScriptTraits.Send) || facts.Has(ScriptTraits.Secret | ScriptTraits.Proof);
        if (!strong && !leaks && !facts.HasAny(ScriptTraits.Hidden | ScriptTraits.Secret | ScriptTraits.Write | ScriptTraits.Send))
        {
            return;
        }

        var breaksOut = strong && BreaksOut(value, facts.At);
        if (isChat)
        {
            // Code that is asked about begins a line of its own; an injection begins inside of a string.
            var isShort = value.Length <= 240;
            var score = breaksOut && isShort ? 80 : leaks && strong && isShort && (facts.Before == '\0' || breaksOut) ? 78
                : facts.HasAny(ScriptTraits.Run | ScriptTraits.Proof) && facts.Has(ScriptTraits.Hidden) && isShort && facts.Before is '\0' ? 78 : 45;
            findings.Report(breaksOut ? XssRule.Breakout : XssRule.Call, facts.At, 5, score);
            return;
        }

        var isJoined = facts.Before == '\0' || !char.IsLetterOrDigit(facts.Before);
        var argument = breaksOut ? 85
            : strong && (facts.Touches ? isJoined : facts.Before is '\0' || s_before.Contains(facts.Before)) ? 62
            : leaks || facts.Has(ScriptTraits.Run | ScriptTraits.Hidden) ? 62
            : facts.HasAny(ScriptTraits.Secret | ScriptTraits.Write) && facts.Has(ScriptTraits.Acts) && isJoined ? 52
            : facts.Has(ScriptTraits.Send) && facts.Before is '\0' or ';' && value[facts.At..].StartsWith("location", StringComparison.OrdinalIgnoreCase) ? 52
            : 25;
        findings.Report(breaksOut ? XssRule.Breakout : XssRule.Call, facts.At, 5, argument);
    }

    /// <summary>
    /// Whether the line begins inside of a string that is closed before the call: an odd number of quotes of one kind
    /// stands before it, or what closes a statement stands first.
    /// </summary>
    private static bool BreaksOut(ReadOnlySpan<char> text, int call)
    {
        var lineStart = text[..call].LastIndexOf('\n') + 1;
        var before = text[lineStart..call];
        var after = text[call..];
        var lineEnd = after.IndexOf('\n');
        after = lineEnd < 0 ? after : after[..lineEnd];
        var last = before.LastIndexOfAny("'\"`");
        var isOdd = last >= 0 && (before.Count(before[last]) & 1) == 1;
        var between = last < 0 ? before : before[(last + 1)..];
        var closes = between.IndexOfAnyExcept(s_joining) < 0;
        if (isOdd && closes && !between.IsWhiteSpace())
        {
            // The rest comments the page's own text out, or opens the string again.
            return after.Contains("//", StringComparison.Ordinal) || after.Contains("/*", StringComparison.Ordinal) || after.Contains("<!--", StringComparison.Ordinal)
                || after.Count(before[last]) % 2 == 1 || between.Contains(';') || between.ContainsAny(s_operators);
        }

        while (before.Length > 0 && (char.IsAsciiLetterOrDigit(before[0]) || before[0] is ' ' or '_'))
        {
            before = before[1..];
        }

        return before is [')' or ']' or '}' or ';' or '*', ..] && before.IndexOfAnyExcept(s_joining) < 0 && after.Contains("//", StringComparison.Ordinal);
    }

    private static void Address(in ThreatText text, bool isChat, ref XssFindings findings)
    {
        var value = text.Text;
        var at = 0;
        while (at < value.Length && value[at..].IndexOfAny(s_schemes) is var index and >= 0)
        {
            at += index;
            var start = at;
            var colon = value[at..Math.Min(value.Length, at + 32)].IndexOf(':');
            at += 4;
            if (colon < 0 || (start > 0 && char.IsLetterOrDigit(value[start - 1])))
            {
                continue;
            }

            var danger = HtmlNames.DangerOf(value[start..], out var rest);
            if (danger == UrlDanger.None)
            {
                continue;
            }

            at = start + colon;
            rest = rest[..Math.Min(rest.Length, 256)];
            if (text.Kind == ArgumentKind.Url)
            {
                findings.Report(XssRule.Url, start, colon, 95);
            }
            else if (rest.Length > 0)
            {
                // The language's own name with a colon is common in prose; a space follows there.
                var facts = ScriptReader.Read(rest);
                var isScript = danger == UrlDanger.Document || (rest[0] == ' ' ? facts.HasAny(ScriptTraits.Proof | ScriptTraits.Run | ScriptTraits.Secret)
                    : facts.Has(ScriptTraits.Acts) || rest[..Math.Min(rest.Length, 128)].ContainsAny(s_scriptSigns));
                findings.Report(XssRule.Url, start, colon, isScript ? ScriptScore.Address(danger, rest, HtmlElement.Plugin, isChat) : 30);
            }

            at = Math.Max(at, start + 4);
        }
    }

    /// <summary>Closes whatever it may stand in: every kind of quote and a comment or tag in one run, or a short value of nothing but that.</summary>
    private static void Closers(ReadOnlySpan<char> value, ref XssFindings findings)
    {
        if (value.Length is >= 3 and <= 16 && !value.ContainsAnyExcept(s_quoting) && value.IndexOf('>') is var close and > 0 && value[..close].ContainsAny('"', '\'', '`'))
        {
            findings.Report(XssRule.Breakout, 0, value.Length, 52);
        }

        var at = 0;
        while (value[at..].IndexOf('`') is var index and >= 0)
        {
            at += index;
            var start = at;
            var end = at;
            while (start > 0 && at - start < 16 && s_quoting.Contains(value[start - 1]))
            {
                start--;
            }

            while (end < value.Length && end - at < 16 && s_quoting.Contains(value[end]))
            {
                end++;
            }

            var run = value[start..end];
            if (run.Contains('"') && run.Contains('\'') && (run.Contains("->", StringComparison.Ordinal) || run.Contains("]>", StringComparison.Ordinal) || run.Count("/*") > 1 || run.Contains("><", StringComparison.Ordinal)))
            {
                findings.Report(XssRule.Breakout, start, end - start, 58);
                return;
            }

            at++;
        }
    }

    /// <summary>References padded with zeros or without their end, and UTF-7: nobody writes a bracket like that to be read.</summary>
    private static void Encoded(ReadOnlySpan<char> value, ref XssFindings findings)
    {
        if (value.IndexOf("+ADw-", StringComparison.Ordinal) is var utf7 and >= 0)
        {
            findings.Report(XssRule.Encoded, utf7, 5, 80);
        }

        var at = 0;
        while (value[at..].IndexOf("&#", StringComparison.Ordinal) is var index and >= 0)
        {
            at += index;
            var length = HtmlValue.Reference(value[at..], out var c);
            var digits = value[at..(at + Math.Max(2, length))].TrimStart("&#xX").TrimEnd(';');
            if (length > 0 && (c is '<' or '>' && (digits[0] == '0' || value[at + length - 1] != ';') || (digits.Length > 4 && digits[0] == '0')))
            {
                findings.Report(XssRule.Encoded, at, length, 60);
                return;
            }

            at += 2;
        }
    }
}
