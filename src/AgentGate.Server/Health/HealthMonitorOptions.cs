using System.Globalization;
using System.Text.Json;
using AgentGate.Diagnostics;

namespace AgentGate.Server.Health;

/// <summary>Which other services are asked whether they are well: the published variables <c>AGENTGATE_DISTRIBUTED_HEALTH_MONITOR_…</c>. Immutable.</summary>
/// <param name="Targets">The services; none where the monitor is off.</param>
/// <param name="Interval">How often each is asked.</param>
/// <param name="Timeout">How long it may take.</param>
/// <param name="FailureThreshold">How often in a row it has to fail before anybody is told.</param>
internal sealed record HealthMonitorOptions(IReadOnlyList<HealthTarget> Targets, TimeSpan Interval, TimeSpan Timeout, int FailureThreshold)
{
    private const string Prefix = "AGENTGATE_DISTRIBUTED_HEALTH_MONITOR_";
    private const string IncludeDashboard = "AGENTGATE_HEALTH_MONITOR_INCLUDE_DASHBOARD";
    private const string DashboardUrl = "AGENTGATE_DASHBOARD_HEALTH_URL";
    private const int TargetsMax = 100;

    /// <summary>Whether anything is asked.</summary>
    public bool IsEnabled => Targets.Count > 0;

    /// <summary>Reads the variables.</summary>
    /// <exception cref="InvalidOperationException">One cannot be used; the message names it.</exception>
    public static HealthMonitorOptions Read(IConfiguration configuration)
    {
        var (interval, timeout) = (Number(configuration, "INTERVAL_SECONDS", 30, 5, 86_400), Number(configuration, "TIMEOUT_SECONDS", 5, 1, 60));
        var threshold = Number(configuration, "FAILURE_THRESHOLD", 2, 1, 100);
        List<HealthTarget> targets = [];
        if (Flag(configuration, Prefix + "ENABLED"))
        {
            targets.AddRange(Short(configuration[Prefix + "TARGETS"] ?? string.Empty));
            targets.AddRange(Long(configuration[Prefix + "TARGETS_JSON"] ?? string.Empty));
            if (Flag(configuration, IncludeDashboard))
            {
                targets.Add(Target("dashboard", configuration[DashboardUrl], null, null, DashboardUrl));
            }

            if (targets.Count is 0 or > TargetsMax || targets.DistinctBy(target => target.Name, StringComparer.Ordinal).Count() < targets.Count)
            {
                throw Unusable(Prefix + "TARGETS", $"must name 1 to {TargetsMax} services, each by a name of its own, where the monitor is enabled");
            }
        }

        return new HealthMonitorOptions(targets, TimeSpan.FromSeconds(interval), TimeSpan.FromSeconds(timeout), threshold);
    }

    /// <summary><c>name=url</c>, <c>name|url|text</c> or a URL alone, divided by commas.</summary>
    private static IEnumerable<HealthTarget> Short(string text)
    {
        foreach (var one in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (one.Split('|', StringSplitOptions.TrimEntries) is [var name, var url, var holds])
            {
                yield return Target(name, url, null, holds.Length > 0 ? holds : null, Prefix + "TARGETS");
            }
            else
            {
                // The first "=" divides, unless it belongs to a URL that stands alone.
                var at = one.IndexOf('=', StringComparison.Ordinal);
                var named = at > 0 && !one[..at].Contains("://", StringComparison.Ordinal);
                yield return named
                    ? Target(one[..at].Trim(), one[(at + 1)..].Trim(), null, null, Prefix + "TARGETS")
                    : Target(Uri.TryCreate(one, UriKind.Absolute, out var alone) ? $"{alone.Host}-{alone.Port}" : string.Empty, one, null, null, Prefix + "TARGETS");
            }
        }
    }

    private static List<HealthTarget> Long(string json)
    {
        const string Name = Prefix + "TARGETS_JSON";
        try
        {
            return json.Length == 0 ? [] : [.. (JsonSerializer.Deserialize<TargetJson[]>(json, s_json) ?? []).Select(one => Target(one.Name, one.Url, one.ExpectedStatus, one.ExpectedSubstring, Name))];
        }
        catch (JsonException)
        {
            throw Unusable(Name, """must be a JSON array: [{"name":"worker","url":"http://worker:8080/health","expected_status":200,"expected_substring":"ok"}]""");
        }
    }

    private static HealthTarget Target(string? name, string? url, int? status, string? text, string variable)
    {
        // The address is not repeated: it may hold a secret.
        if (name is not { Length: > 0 and <= 64 } || !name.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.'))
        {
            throw Unusable(variable, "gives a service no name of 1 to 64 letters, digits, dots, dashes and underscores");
        }

        return Uri.TryCreate(url, UriKind.Absolute, out var address) && (address.Scheme == Uri.UriSchemeHttp || address.Scheme == Uri.UriSchemeHttps) && address.UserInfo.Length == 0
                && status is null or (>= 100 and <= 599) && text is not { Length: > 1024 }
            ? new HealthTarget(name, address, status, text)
            : throw Unusable(variable, $"gives \"{name}\" no http or https URL without a login in it, or a status or text that cannot be");
    }

    private static bool Flag(IConfiguration configuration, string name) => configuration[name]?.ToLowerInvariant() switch
    {
        null or "" or "false" or "0" or "no" or "off" => false,
        "true" or "1" or "yes" or "on" => true,
        _ => throw Unusable(name, "must be true or false"),
    };

    private static int Number(IConfiguration configuration, string name, int otherwise, int min, int max)
        => configuration[Prefix + name] is not { Length: > 0 } text ? otherwise
            : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max ? number
            : throw Unusable(Prefix + name, $"must be a whole number from {min} to {max}");

    private static InvalidOperationException Unusable(string name, string why) => new($"{Codes.ConfigurationInvalid}: {name} {why}.");

    private static readonly JsonSerializerOptions s_json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, AllowDuplicateProperties = false };

    private sealed record TargetJson(string? Name, string? Url, int? ExpectedStatus, string? ExpectedSubstring);
}
