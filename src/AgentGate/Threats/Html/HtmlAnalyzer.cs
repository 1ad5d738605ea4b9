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

    private static readonly SearchValues<char> s_base64 = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=");

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
        Base64(text, isBare, ref findings);
        findings.Flush(hits);
    }

    /// <summary>Markup in base64: nobody means it to be read. Its first letter is that of an angle bracket.</summary>
    private static void Base64(in ThreatText text, bool isBare, ref XssFindings findings)
    {
        var value = text.Text;
        var start = value.IndexOf("base64,", StringComparison.OrdinalIgnoreCase);
        var encoded = (start >= 0 ? value[(start + 7)..] : value).Trim();
        if (encoded.Length < 16 || encoded[0] != 'P')
        {
            return;
        }

        var end = encoded[..Math.Min(encoded.Length, 1024)].IndexOfAnyExcept(s_base64);
        encoded = encoded[..(end < 0 ? Math.Min(encoded.Length, 1024) : end)];
        Span<byte> bytes = stackalloc byte[768];
        Span<char> decoded = stackalloc char[768];
        if (!Convert.TryFromBase64Chars(encoded[..(encoded.Length & ~3)], bytes, out var written) || written == 0 || bytes[0] != '<')
        {
            return;
        }

        for (var at = 0; at < written; at++)
        {
            decoded[at] = (char)bytes[at];
        }

        var inner = new XssFindings();
        new MarkupReader(new ThreatText(decoded[..written], text.Context, text.Kind, true), HtmlEntry.Text, false, true).Run(ref inner);
        if (inner.Top >= (isBare || text.Context == ThreatContext.Argument ? 50 : 75))
        {
            findings.Report(XssRule.Encoded, start < 0 ? 0 : start, encoded.Length, 80);
        }
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
