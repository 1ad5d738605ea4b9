using System.Globalization;

namespace AgentGate.Dashboard.Playground;

/// <summary>What is left of a limit, as the <c>RateLimit</c> and <c>RateLimit-Policy</c> headers say (draft-ietf-httpapi-ratelimit-headers).</summary>
/// <param name="Name">The name of the policy.</param>
/// <param name="Remaining">What is left (<c>r</c>).</param>
/// <param name="ResetSeconds">When there is more again (<c>t</c>).</param>
/// <param name="Quota">What there is in all (<c>q</c> of the policy).</param>
internal sealed record RateLimit(string Name, long Remaining, long? ResetSeconds, long? Quota)
{
    /// <summary>Reads the limit with the least left; <see langword="null"/> where there is none.</summary>
    public static RateLimit? Read(string? limit, string? policy)
        => Items(limit)
            .Where(item => item.Values.ContainsKey("r"))
            .Select(item => new RateLimit(
                item.Name,
                item.Values["r"],
                item.Values.TryGetValue("t", out var reset) ? reset : null,
                Items(policy).FirstOrDefault(p => p.Name == item.Name).Values?.TryGetValue("q", out var quota) is true ? quota : null))
            .MinBy(read => read.Remaining);

    private static IEnumerable<(string Name, Dictionary<string, long> Values)> Items(string? header)
    {
        foreach (var item in (header ?? string.Empty).Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = item.Split(';', StringSplitOptions.TrimEntries);
            var values = new Dictionary<string, long>(StringComparer.Ordinal);
            foreach (var part in parts.Skip(1))
            {
                if (part.Split('=') is [var key, var text] && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value))
                {
                    values[key] = value;
                }
            }

            yield return (parts[0].Trim('"'), values);
        }
    }
}
