using System.Collections.Frozen;

namespace AgentGate.Pii.Detection;

/// <summary>What the name before <c>=</c> or <c>:</c> says about the value after it.</summary>
internal static class SecretNames
{
    private const int WordsJudged = 5;

    private static readonly FrozenSet<string> Secrets = Set(
        "secret secrets token tokens password passwd passphrase pwd apikey accesskey secretkey privatekey masterkey authkey signingkey licensekey "
        + "encryptionkey authtoken accesstoken refreshtoken authorization auth credential credentials bearer pat clientsecret appsecret pass apitoken");

    private static readonly FrozenSet<string> Qualifiers = Set(
        "api access secret private auth master license licence service signing signature encryption client app application account subscription ssh deploy "
        + "admin webhook integration storage shared consumer developer personal session user login hmac aes rest live prod production sandbox org "
        + "sonar snyk heroku hubspot facebook twitter github gitlab azure aws gcp google openai anthropic stripe twilio slack discord datadog mailchimp mailchimpe "
        + "sendgrid mailgun okta sumo sumologic loki grafana algolia airtable asana netlify vercel cloudflare digitalocean postmark pusher segment mapbox maxmind "
        + "rapid weather jira confluence shopify square paypal plaid telegram linkedin dropbox npm pypi nuget docker jenkins bitbucket sentry newrelic");

    private static readonly FrozenSet<string> Harmless = Set(
        "public pub csrf xsrf primary foreign partition sort cache idempotency row bucket sequence schema next page continuation cancellation sync pagination "
        + "tokenizer keyboard checksum hash md5 sha1 sha256 digest etag version cursor translation locale object surrogate natural composite unique index dedupe");

    /// <summary>Reads the name back to front: its last word must be a secret, or a key of some service.</summary>
    public static bool NamesSecret(ReadOnlySpan<char> name)
    {
        var secrets = Secrets.GetAlternateLookup<ReadOnlySpan<char>>();
        var qualifiers = Qualifiers.GetAlternateLookup<ReadOnlySpan<char>>();
        var harmless = Harmless.GetAlternateLookup<ReadOnlySpan<char>>();
        var named = false;
        var needsQualifier = false;
        var qualified = false;
        for (var words = 0; words < WordsJudged && TryLastWord(ref name, out var word); words++)
        {
            if (harmless.Contains(word))
            {
                return false;
            }

            if (words == 0)
            {
                needsQualifier = word.Equals("key", StringComparison.OrdinalIgnoreCase) || word.Equals("keys", StringComparison.OrdinalIgnoreCase)
                    || word.Equals("login", StringComparison.OrdinalIgnoreCase);
                named = needsQualifier || secrets.Contains(word) || EndsInSecret(word);
                if (!named)
                {
                    return false;
                }
            }
            else
            {
                qualified |= qualifiers.Contains(word) || secrets.Contains(word);
            }
        }

        return named && (!needsQualifier || qualified);
    }

    /// <summary>Whether <see cref="VendorValues"/> knows a form for values of this name.</summary>
    public static bool NamesVendor(ReadOnlySpan<char> name) =>
        name.StartsWith("BUNDLE_", StringComparison.Ordinal) || name.Contains("sumo", StringComparison.OrdinalIgnoreCase)
        || name.Contains("sourcegraph", StringComparison.OrdinalIgnoreCase);

    /// <summary>Names written without a seam: <c>jfrogtoken</c>, <c>dbpassword</c>.</summary>
    private static bool EndsInSecret(ReadOnlySpan<char> word) =>
        word.Length > 8 && (word.EndsWith("token", StringComparison.OrdinalIgnoreCase) || word.EndsWith("secret", StringComparison.OrdinalIgnoreCase)
            || word.EndsWith("password", StringComparison.OrdinalIgnoreCase) || word.EndsWith("apikey", StringComparison.OrdinalIgnoreCase)
            || word.EndsWith("accesskey", StringComparison.OrdinalIgnoreCase) || word.EndsWith("passwd", StringComparison.OrdinalIgnoreCase));

    /// <summary>Takes the last word off: words end at separators, at digits and where lower case meets upper.</summary>
    private static bool TryLastWord(ref ReadOnlySpan<char> name, out ReadOnlySpan<char> word)
    {
        var end = name.Length;
        while (end > 0 && !char.IsAsciiLetter(name[end - 1]))
        {
            end--;
        }

        var start = end;
        while (start > 0 && char.IsAsciiLetter(name[start - 1]))
        {
            if (start < end && char.IsAsciiLetterLower(name[start - 1]) && char.IsAsciiLetterUpper(name[start]))
            {
                break;
            }

            start--;
        }

        word = name[start..end];
        name = name[..start];
        return !word.IsEmpty;
    }

    private static FrozenSet<string> Set(string words) => words.Split(' ').ToFrozenSet(StringComparer.OrdinalIgnoreCase);
}
