namespace AgentGate.Alerts;

/// <summary>What of the options cannot be used. No message repeats a URL or a secret: both let whoever knows them send or forge alerts.</summary>
internal static class AlertOptionsRules
{
    private const string Section = AlertOptions.Section;

    public static IEnumerable<string> Faults(AlertOptions options)
        => Urls(options).Concat(Webhook(options)).Concat(Times(options));

    private static IEnumerable<string> Urls(AlertOptions options)
    {
        foreach (var (name, text) in (ReadOnlySpan<(string, string?)>)[("WebhookUrl", options.WebhookUrl), ("SlackUrl", options.SlackUrl), ("TeamsUrl", options.TeamsUrl)])
        {
            if (text is not { Length: > 0 })
            {
                continue;
            }

            var good = Uri.TryCreate(text, UriKind.Absolute, out var url) && (url.Scheme == Uri.UriSchemeHttps || (options.AllowPrivateAddresses && url.Scheme == Uri.UriSchemeHttp));
            if (!good || url!.UserInfo.Length > 0)
            {
                return [$"{Section}:{name} must be an https URL without a login in it."];
            }
        }

        return [];
    }

    private static IEnumerable<string> Webhook(AlertOptions options)
    {
        if (options.WebhookUrl is { Length: > 0 } && !StandardWebhook.AreSecrets(options.WebhookSecret))
        {
            yield return $"{Section}:WebhookSecret (SECURITY_ALERT_WEBHOOK_SECRET) must be whsec_ and the base64 of 24 to 64 random bytes: echo whsec_$(openssl rand -base64 32). The receiver verifies by it that an alert is ours. While it is replaced: both, divided by a space, at most three.";
        }

        foreach (var (name, value) in options.WebhookHeaders)
        {
            var taken = name.StartsWith("webhook-", StringComparison.OrdinalIgnoreCase) || name.StartsWith("content-", StringComparison.OrdinalIgnoreCase)
                || name.ToUpperInvariant() is "HOST" or "CONNECTION" or "TRANSFER-ENCODING";
            if (taken || name.Length == 0 || !name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_') || value.Any(c => c is < ' ' or > '~'))
            {
                yield return $"{Section}:WebhookHeaders holds \"{name}\", which is taken, no name of a header, or has a value that is not plain text.";
            }
        }
    }

    private static IEnumerable<string> Times(AlertOptions options)
    {
        if (options.Timeout < TimeSpan.FromSeconds(1) || options.Timeout > TimeSpan.FromMinutes(2))
        {
            yield return $"{Section}:Timeout must be between one second and two minutes.";
        }

        if (options.DedupWindow < TimeSpan.Zero || options.Window <= TimeSpan.Zero || options.Cooldown < TimeSpan.Zero
            || new[] { options.DedupWindow, options.Window, options.Cooldown }.Max() > TimeSpan.FromDays(1) || options.MaxPerWindow is < 1 or > 1000)
        {
            yield return $"{Section}:DedupWindow, Window and Cooldown must not be negative and at most a day, and MaxPerWindow between 1 and 1000.";
        }

        if (options.TriesMax is < 1 or > 50 || options.RetryFirst < TimeSpan.FromMilliseconds(10) || options.RetryFirst > TimeSpan.FromHours(1))
        {
            yield return $"{Section}:TriesMax must be between 1 and 50, and RetryFirst at most an hour.";
        }

        if (options.KeepFor < TimeSpan.FromDays(2) || options.KeepFor > TimeSpan.FromDays(3650))
        {
            yield return $"{Section}:KeepFor must be between 2 and 3650 days.";
        }
    }
}
