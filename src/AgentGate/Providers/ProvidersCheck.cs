using System.Net;

namespace AgentGate.Providers;

/// <summary>Finds what is wrong with the providers' configuration. Each error names the key and the way out.</summary>
internal static class ProvidersCheck
{
    public static IReadOnlyList<string> Errors(ProvidersOptions options, Func<string, string?> environment)
    {
        var errors = new List<string>();
        foreach (var (name, provider) in options.ByName.OrderBy(p => p.Key, StringComparer.Ordinal))
        {
            Check(name, provider, environment, errors);
        }

        if (errors.Count == 0)
        {
            Ties(options, errors);
        }

        return errors;
    }

    private static void Check(string name, ProviderOptions options, Func<string, string?> environment, List<string> errors)
    {
        var key = $"{ProvidersOptions.Section}:{name}";
        if (name.Length is 0 or > 64 || !name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_') || name is "caller")
        {
            errors.Add($"{key}: a provider's name consists of 1 to 64 letters, digits, '-' and '_', and is not 'caller'. Rename it.");
        }

        if (options.Kind is not { } kind || !Enum.IsDefined(kind))
        {
            errors.Add($"{key}:Kind is missing or unknown. Set it to openai, anthropic or demo.");
            return;
        }

        if (kind == ProviderKind.Demo)
        {
            if (options.BaseUrl is not null)
            {
                errors.Add($"{key}:BaseUrl is set, and the demo provider has no address. Remove it, or set Kind to openai or anthropic.");
            }
        }
        else
        {
            var local = CheckUrl(key, options, errors);
            CheckKey(key, options, local, environment, errors);
        }

        CheckModels(key, options, errors);
        CheckBounds(key, options, errors);
    }

    /// <returns>Whether the provider is on this machine, where a key is optional.</returns>
    private static bool CheckUrl(string key, ProviderOptions options, List<string> errors)
    {
        if (options.BaseUrl is null)
        {
            return false;
        }

        if (!Uri.TryCreate(options.BaseUrl, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https") || url.Host.Length == 0)
        {
            errors.Add($"{key}:BaseUrl is not an absolute http:// or https:// address. Write it in full, such as https://host/v1.");
            return false;
        }

        if (url.UserInfo.Length > 0 || url.Query.Length > 0 || url.Fragment.Length > 0 || options.BaseUrl.AsSpan().IndexOfAny('?', '#', '@') >= 0)
        {
            errors.Add($"{key}:BaseUrl holds credentials, a query or a fragment. Remove them; a key belongs in {key}:ApiKeyEnv.");
        }

        var local = url.IsLoopback || (IPAddress.TryParse(url.Host, out var address) && IPAddress.IsLoopback(address));
        if (url.Scheme == "http" && !local && !options.AllowInsecure)
        {
            errors.Add($"{key}:BaseUrl is http:// to another machine, which would send prompts and keys in the clear. "
                + $"Use https://, or set {key}:AllowInsecure to true if the network between is yours.");
        }

        return local;
    }

    private static void CheckKey(string key, ProviderOptions options, bool local, Func<string, string?> environment, List<string> errors)
    {
        var env = ProviderDirectory.KeyEnv(options);
        var value = options.ApiKey ?? (env is null ? null : environment(env));
        if (string.IsNullOrEmpty(value))
        {
            if (env is not null && (options.ApiKeyEnv is not null || !local))
            {
                errors.Add($"{key}: the environment variable {env} is empty. Set it, or name another one in {key}:ApiKeyEnv.");
            }
            else if (!local)
            {
                errors.Add($"{key}: a provider on another machine needs a key. Set {key}:ApiKeyEnv to the environment variable that holds it.");
            }
        }
        else if (value.Any(c => c is <= ' ' or > '~'))
        {
            errors.Add($"{key}: the key holds blanks, line breaks or characters that no header can carry. Check {env ?? key + ":ApiKey"}.");
        }

        foreach (var (setting, header) in new[] { ("Organization", options.Organization), ("Project", options.Project) })
        {
            if (header is not null && (header.Length == 0 || header.Any(c => c is <= ' ' or > '~')))
            {
                errors.Add($"{key}:{setting} is empty or holds characters that no header can carry. Correct or remove it.");
            }
        }
    }

    private static void CheckModels(string key, ProviderOptions options, List<string> errors)
    {
        var patterns = ProviderDirectory.PatternsOf(options);
        if (patterns.Length == 0)
        {
            errors.Add($"{key}:Models is empty. List the models it serves (with * as wildcard), or map names in {key}:ModelMap.");
        }

        if (patterns.Any(p => p.Text.Length is 0 or > 256 || p.Upstream is { Length: 0 or > 256 }))
        {
            errors.Add($"{key}:Models and {key}:ModelMap hold names of 1 to 256 characters. Remove the others.");
        }

        if (options.ModelMap.Any(m => m.Key.Contains('*', StringComparison.Ordinal) || m.Value.Contains('*', StringComparison.Ordinal)))
        {
            errors.Add($"{key}:ModelMap maps exact names. Put patterns with * into {key}:Models.");
        }

        if (patterns.GroupBy(p => p.Text, StringComparer.Ordinal).Any(g => g.Count() > 1))
        {
            errors.Add($"{key}: a model stands twice in Models and ModelMap. Keep one.");
        }
    }

    private static void CheckBounds(string key, ProviderOptions options, List<string> errors)
    {
        var durations = new[]
        {
            ("ConnectTimeout", options.ConnectTimeout), ("FirstByteTimeout", options.FirstByteTimeout), ("IdleTimeout", options.IdleTimeout),
        };
        foreach (var (setting, value) in durations)
        {
            if (value < TimeSpan.FromMilliseconds(1) || value > TimeSpan.FromDays(1))
            {
                errors.Add($"{key}:{setting} must lie between 1 millisecond and 1 day, such as 00:00:30.");
            }
        }

        if (options.Retries is < 0 or > 5)
        {
            errors.Add($"{key}:Retries must lie between 0 and 5.");
        }

        if (options.ResponseBytesMax is < 1024 or > 1024 * 1024 * 1024)
        {
            errors.Add($"{key}:ResponseBytesMax must lie between 1024 and 1073741824 bytes.");
        }

        if (options.EventBytesMax is < 1024 or > 1024 * 1024 * 1024)
        {
            errors.Add($"{key}:EventBytesMax must lie between 1024 and 1073741824 bytes.");
        }
    }

    // INVARIANT: no pattern belongs to two providers of a protocol. Different patterns of one weight go by the providers' names,
    // so routing never depends on the order of configuration sources.
    private static void Ties(ProvidersOptions options, List<string> errors)
    {
        var claims = new Dictionary<(string Pattern, bool Anthropic), string>();
        foreach (var (name, provider) in options.ByName.OrderBy(p => p.Key, StringComparer.Ordinal))
        {
            foreach (var pattern in ProviderDirectory.PatternsOf(provider))
            {
                foreach (var anthropic in new[] { false, true })
                {
                    var speaks = provider.Kind!.Value.Speaks(anthropic ? WireFormat.AnthropicMessages : WireFormat.OpenAIChat);
                    if (speaks && !claims.TryAdd((pattern.Text, anthropic), name) && claims[(pattern.Text, anthropic)] != name)
                    {
                        errors.Add($"{ProvidersOptions.Section}:{name}:Models and {ProvidersOptions.Section}:{claims[(pattern.Text, anthropic)]}:Models "
                            + $"both claim '{pattern.Text}'. Leave it in one of them.");
                    }
                }
            }
        }
    }
}
