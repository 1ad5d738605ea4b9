using System.Buffers;

namespace AgentGate.Pii.Detection;

/// <summary>What is secret in a URL: the password in <c>scheme://user:password@host</c> (RFC 3986 §3.2.1), and a webhook, which is its own key.</summary>
internal static class UrlRecognizer
{
    private const int AuthorityMax = 512;
    private static readonly SearchValues<char> AuthorityEnd = SearchValues.Create(" \t\r\n/?#\"'<>`\\,;");

    private const int PathMax = 512;
    private const int WebhookMin = 20;
    private static readonly SearchValues<char> PathCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_/@=");

    private static readonly (string Host, string Path)[] Webhooks =
    [
        ("hooks.slack.com", "/services/"), ("hooks.slack.com", "/workflows/"), ("hooks.slack.com", "/triggers/"), ("discord.com", "/api/webhooks/"),
        ("discordapp.com", "/api/webhooks/"), ("webhook.office.com", "/webhookb2/"), ("outlook.office.com", "/webhook/"),
        ("hooks.zapier.com", "/hooks/catch/"), ("chat.googleapis.com", "/v1/spaces/"),
    ];

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
            Webhook(ref pass, start, authority);
            return;
        }

        pass.UserInfoEnd = start + at + 1;
        var password = authority[(separator + 1)..at];
        if (password.Length >= 3 && at + 1 < authority.Length && password.IndexOfAny(Placeholder) < 0)
        {
            pass.Add(PiiKind.ApiKey, start + separator + 1, start + at, 0.7);
        }
    }

    private static void Webhook(ref ScanPass pass, int start, ReadOnlySpan<char> host)
    {
        var text = pass.Text;
        foreach (var (name, path) in Webhooks)
        {
            var from = start + host.Length;
            if (!host.EndsWith(name, StringComparison.OrdinalIgnoreCase) || !text[from..].StartsWith(path, StringComparison.OrdinalIgnoreCase))
            {
                continue;
            }

            var rest = text[from..Math.Min(text.Length, from + PathMax)];
            var length = rest.IndexOfAnyExcept(PathCharacters);
            length = length < 0 ? rest.Length : length;
            if (length - path.Length >= WebhookMin && Entropy.LooksRandom(rest[path.Length..length]))
            {
                pass.Add(PiiKind.ApiKey, from + 1, from + length, 0.9);
            }
        }
    }
}
