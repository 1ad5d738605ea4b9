using System.Buffers;
using AgentGate.Threats.Detection;

namespace AgentGate.Threats.Html;

/// <summary>
/// Reads a text as markup and script, at each place of a page it may land: between elements, in a quoted value, in a tag,
/// in a script. Every reading is one pass.
/// </summary>
internal sealed class HtmlAnalyzer : IThreatAnalyzer
{
    private static readonly SearchValues<char> s_signs = SearchValues.Create("<(=`&[+\u560a");

    /// <summary>Without one of these, and without a handler, no attribute that is broken out of can do anything.</summary>
    private static readonly SearchValues<string> s_active = SearchValues.Create(
        ["script", "data:", "style", "srcdoc", "iframe", "object", "embed", "http-equiv", "<base", "import", "&#", "&tab", "&newline", "&colon", "mocha:", "attributename"], StringComparison.OrdinalIgnoreCase);

    /// <summary>The longest name of an event, and the noise between it and its value.</summary>
    private const int HandlerReach = 56;

    public ThreatFamily Family => ThreatFamily.Xss;

    public bool MayMatch(ReadOnlySpan<char> text) => text.ContainsAny(s_signs) || ScriptInjection.HasScheme(text);

    public void Analyze(in ThreatText text, ThreatHits hits)
    {
        var findings = new XssFindings();
        var value = text.Text;
        var isChat = text.Context != ThreatContext.Argument;
        var isPage = isChat && IsPage(value);
        var isBare = isChat && IsBare(value);
        var hasMarkup = HasMarkup(value);
        if (hasMarkup)
        {
            new MarkupReader(text, HtmlEntry.Text, isPage, isBare).Run(ref findings);
        }

        if (value.ContainsAny(s_active) || HasHandler(value) || (hasMarkup && value[..Math.Min(value.Length, 6)].ContainsAny('"', '\'')))
        {
            if (value.Contains('"'))
            {
                new MarkupReader(text, HtmlEntry.DoubleQuoted, isPage, isBare).Run(ref findings);
            }

            if (value.Contains('\''))
            {
                new MarkupReader(text, HtmlEntry.SingleQuoted, isPage, isBare).Run(ref findings);
            }

            new MarkupReader(text, HtmlEntry.Tag, isPage, isBare).Run(ref findings);
        }

        ScriptInjection.Judge(text, isPage, ref findings);
        findings.Flush(hits);
    }

    /// <summary>An angle bracket that opens something; arrows and comparisons do not.</summary>
    private static bool HasMarkup(ReadOnlySpan<char> text)
    {
        while (text.IndexOf('<') is var index and >= 0)
        {
            text = text[(index + 1)..];
            if (text.Length > 0 && (char.IsAsciiLetter(text[0]) || text[0] is '/' or '!' or '?' or < ' '))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>A name that begins like a handler's, somewhere before a sign that gives it a value.</summary>
    private static bool HasHandler(ReadOnlySpan<char> text)
    {
        var at = 0;
        while (text[at..].IndexOf('=') is var index and >= 0)
        {
            var start = at + index;
            at = start + 1;
            for (var steps = 0; start > 1 && steps < HandlerReach; steps++)
            {
                start--;
                if (text[start] is 'n' or 'N' && text[start - 1] is 'o' or 'O' && (start < 2 || !char.IsAsciiLetterOrDigit(text[start - 2])))
                {
                    return true;
                }
            }
        }

        return false;
    }

    /// <summary>The message is the payload: short, and nothing is said before it.</summary>
    private static bool IsBare(ReadOnlySpan<char> text)
    {
        text = text.Trim();
        var markup = text.IndexOf('<');
        return text.Length is > 0 and <= 320 && text.Count('\n') <= 1 && (markup < 0 ? text[0] is '"' or '\'' or '`' : markup <= 24 && !text[..markup].Contains(' '));
    }

    /// <summary>A whole page is shown, not a piece that would be put into one.</summary>
    private static bool IsPage(ReadOnlySpan<char> text) =>
        text.Contains("</html", StringComparison.OrdinalIgnoreCase) || text.TrimStart().StartsWith("<!doctype html", StringComparison.OrdinalIgnoreCase);
}
