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

    public ThreatFamily Family => ThreatFamily.Xss;

    public bool MayMatch(ReadOnlySpan<char> text) => text.ContainsAny(s_signs);

    public void Analyze(in ThreatText text, ThreatHits hits)
    {
        var findings = new XssFindings();
        var value = text.Text;
        var isChat = text.Context != ThreatContext.Argument;
        var isPage = isChat && IsPage(value);
        var isBare = isChat && IsBare(value);
        if (value.Contains('<'))
        {
            new MarkupReader(text, HtmlEntry.Text, isPage, isBare).Run(ref findings);
        }

        if (value.Contains('='))
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
