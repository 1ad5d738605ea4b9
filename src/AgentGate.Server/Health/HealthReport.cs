using System.Text.Json.Serialization;

namespace AgentGate.Server.Health;

/// <summary>Whether a server serves.</summary>
internal sealed record HealthReport
{
    /// <summary><c>healthy</c> or <c>unhealthy</c>.</summary>
    public required string Status { get; init; }

    /// <summary><c>ready</c> or <c>not_ready</c>.</summary>
    public required string Readiness { get; init; }

    /// <summary>The server's version.</summary>
    public required string Version { get; init; }

    /// <summary><c>embedded</c> or <c>cluster</c>.</summary>
    public required string Profile { get; init; }

    /// <summary>Whether the log can be written.</summary>
    public required string Log { get; init; }

    /// <summary>What was looked at.</summary>
    public required IReadOnlyDictionary<string, HealthCheck> Checks { get; init; }

    /// <summary>Each shared store: <c>ok</c> or <c>unreachable</c>. Absent in the embedded profile.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, string>? Stores { get; init; }

    /// <summary>What else keeps the server from being ready; never names a tenant or content.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Because { get; init; }

    /// <summary>What is not right although the server serves, for example that a checkpoint is not published.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Remark { get; init; }
}

/// <summary>One thing that was looked at.</summary>
/// <param name="Ok">Whether it is as it should be.</param>
/// <param name="Reason">The code of why it is not.</param>
internal sealed record HealthCheck(bool Ok, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Reason);

/// <summary>Whether the process answers.</summary>
/// <param name="Status"><c>alive</c>.</param>
/// <param name="Version">The server's version.</param>
internal sealed record LivenessReport(string Status, string Version);
