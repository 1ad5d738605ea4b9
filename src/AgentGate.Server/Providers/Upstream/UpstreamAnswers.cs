namespace AgentGate.Server.Providers.Upstream;

/// <summary>Which of a provider's response headers go to the caller.</summary>
internal static class UpstreamAnswers
{
    private const int ValueCharsMax = 1_024;

    private static readonly HashSet<string> s_names = new(StringComparer.OrdinalIgnoreCase)
    {
        "request-id", "x-request-id", "retry-after", "retry-after-ms", "openai-processing-ms", "openai-version", "x-should-retry",
    };

    private static readonly string[] s_prefixes = ["anthropic-ratelimit-", "x-ratelimit-"];

    public static IReadOnlyList<KeyValuePair<string, string>> Headers(HttpResponseMessage response)
    {
        var headers = new List<KeyValuePair<string, string>>();
        foreach (var (name, values) in response.Headers.NonValidated)
        {
            var value = values.ToString();
            if (Listed(name) && value.Length <= ValueCharsMax && value.All(c => c is >= ' ' and <= '~'))
            {
                headers.Add(KeyValuePair.Create(name.ToLowerInvariant(), value));
            }
        }

        return headers;
    }

    private static bool Listed(string name)
        => s_names.Contains(name) || s_prefixes.Any(p => name.StartsWith(p, StringComparison.OrdinalIgnoreCase));
}
