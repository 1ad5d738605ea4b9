using System.Buffers;

namespace AgentGate.Pii.Detection;

/// <summary>The password in <c>scheme://user:password@host</c> (RFC 3986 §3.2.1).</summary>
internal static class UrlCredentialRecognizer
{
    private const int AuthorityMax = 512;
    private static readonly SearchValues<char> AuthorityEnd = SearchValues.Create(" \t\r\n/?#\"'<>`\\,;");

    private static readonly SearchValues<char> Placeholder = SearchValues.Create("${}<>*%[");

    public static void Find(ref ScanPass pass, int colon)
    {
        var text = pass.Text;
        if (colon == 0 || colon + 4 > text.Length || text[colon + 1] != '/' || text[colon + 2] != '/' || !char.IsAsciiLetterOrDigit(text[colon - 1]))
        {
            return;
        }

        var start = colon + 3;
        var authority = text[start..Math.Min(text.Length, start + AuthorityMax)];
        var length = authority.IndexOfAny(AuthorityEnd);
        authority = length < 0 ? authority : authority[..length];
        pass.Work += authority.Length;
        var at = authority.LastIndexOf('@');
        var separator = at < 0 ? -1 : authority[..at].IndexOf(':');
        if (separator < 0)
        {
            return;
        }

        pass.UserInfoEnd = start + at + 1;
        var password = authority[(separator + 1)..at];
        if (password.Length >= 3 && at + 1 < authority.Length && password.IndexOfAny(Placeholder) < 0)
        {
            pass.Add(PiiKind.ApiKey, start + separator + 1, start + at, 0.7);
        }
    }
}
