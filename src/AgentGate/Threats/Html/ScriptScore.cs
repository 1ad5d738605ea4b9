namespace AgentGate.Threats.Html;

/// <summary>How certain it is that a script is smuggled in, by what it does and where it stands.</summary>
internal static class ScriptScore
{
    /// <summary>The body of a script element in a conversation, where pages are shown and asked about.</summary>
    public static int InChat(ScriptFacts facts, bool isPage, bool isBare)
    {
        if (facts.Has(ScriptTraits.Secret | ScriptTraits.Proof) || facts.Has(ScriptTraits.Secret | ScriptTraits.Send))
        {
            return isPage && !facts.Has(ScriptTraits.AtOnce) ? 70 : 90;
        }

        if (facts.Has(ScriptTraits.Run | ScriptTraits.Hidden))
        {
            return 85;
        }

        if (facts.HasAny(ScriptTraits.Proof | ScriptTraits.Run | ScriptTraits.Handed) && facts.Has(ScriptTraits.AtOnce))
        {
            return isPage ? 60 : 82;
        }

        if (isBare && facts.HasAny(ScriptTraits.Proof | ScriptTraits.Run | ScriptTraits.Secret | ScriptTraits.Handed | ScriptTraits.Write))
        {
            return 76;
        }

        return facts.Has(ScriptTraits.Write | ScriptTraits.Hidden) ? 70 : 35;
    }

    /// <summary>An address that runs script or opens a document of its own.</summary>
    public static int Address(UrlDanger danger, ReadOnlySpan<char> rest, HtmlElement element, bool isChat)
    {
        if (danger == UrlDanger.Document)
        {
            var isImage = rest.StartsWith("image/", StringComparison.OrdinalIgnoreCase) && element == HtmlElement.Other;
            return isImage && !rest.Contains("script", StringComparison.OrdinalIgnoreCase) ? isChat ? 30 : 55 : isChat ? 78 : 85;
        }

        var isIdle = IsIdle(rest);
        if (!isChat)
        {
            return isIdle ? 55 : 90;
        }

        var facts = ScriptReader.Read(rest);
        return facts.HasAny(ScriptTraits.Proof | ScriptTraits.Run | ScriptTraits.Handed | ScriptTraits.Secret | ScriptTraits.Hidden) ? 88 : facts.Has(ScriptTraits.Acts) && !isIdle ? 55 : 35;
    }

    /// <summary>An address that only keeps a link from leading anywhere.</summary>
    private static bool IsIdle(ReadOnlySpan<char> rest)
    {
        rest = rest.TrimStart();
        rest = rest.StartsWith("void(0)", StringComparison.OrdinalIgnoreCase) ? rest[7..] : rest.StartsWith("void 0", StringComparison.OrdinalIgnoreCase) ? rest[6..] : rest;
        return rest.TrimStart(" ;") is [] or ['"' or '\'' or '>' or ')', ..];
    }

    /// <summary>A style sheet that runs script: <c>expression()</c>, bindings and addresses of old browsers, imports.</summary>
    public static int Style(ReadOnlySpan<char> style, bool isChat)
    {
        Span<char> window = stackalloc char[16];
        var used = 0;
        var best = 0;
        var hasClose = true;
        for (var at = 0; at < style.Length; at++)
        {
            var c = style[at];
            if (hasClose && c == '/' && at + 1 < style.Length && style[at + 1] == '*')
            {
                // Comments and backslashes inside of a name do not end it.
                var close = style[(at + 2)..].IndexOf("*/", StringComparison.Ordinal);
                if (close < 0)
                {
                    hasClose = false;
                    continue;
                }

                at += close + 3;
                continue;
            }

            if (c == '\\')
            {
                at += Escape(style[at..], out c);
            }

            if (c is '\\' or '\0' || (c <= ' ' && used > 0))
            {
                continue;
            }

            if (used == window.Length)
            {
                window[1..].CopyTo(window);
                used--;
            }

            window[used++] = char.ToLowerInvariant(c);
            if (c is '(' or ':' or '\'' or '"' or 't' or 'T')
            {
                best = Math.Max(best, Word(window[..used], isChat));
            }
        }

        return best;
    }

    /// <summary>One to six hexadecimal digits and a space that ends them (CSS Syntax, section 4.3.7); how far past the backslash it goes.</summary>
    private static int Escape(ReadOnlySpan<char> style, out char c)
    {
        var end = 1;
        var code = 0;
        while (end < Math.Min(style.Length, 7) && char.IsAsciiHexDigit(style[end]))
        {
            code = (code << 4) + (style[end] <= '9' ? style[end] - '0' : (style[end] | ' ') - 'a' + 10);
            end++;
        }

        c = end == 1 || code > char.MaxValue ? '\\' : (char)code;
        return end == 1 ? 0 : end < style.Length && style[end] == ' ' ? end : end - 1;
    }

    private static int Word(ReadOnlySpan<char> word, bool isChat) =>
        word.EndsWith("expression(", StringComparison.Ordinal) ? 82
        : word.EndsWith("javascript:", StringComparison.Ordinal) || word.EndsWith("vbscript:", StringComparison.Ordinal) ? 88
        : word.EndsWith("script:", StringComparison.Ordinal) && word.Contains('(') ? isChat ? 60 : 80
        : word.EndsWith("-moz-binding:", StringComparison.Ordinal) ? 85
        : word.EndsWith("behavior:", StringComparison.Ordinal) || word.EndsWith("behaviour:", StringComparison.Ordinal) ? isChat ? 40 : 70
        : word.EndsWith("@import", StringComparison.Ordinal) ? isChat ? 20 : 60
        : 0;
}
