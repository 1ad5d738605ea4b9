using System.Text.Json;

namespace AgentGate.Server.Identity.Device;

/// <summary>A sign-in that a device asked for, as it is kept between its two sides. Immutable.</summary>
internal sealed record DeviceRequest
{
    /// <summary>What the device calls itself.</summary>
    public required string Client { get; init; }

    /// <summary>Where it asked from: its approver compares it.</summary>
    public required string Address { get; init; }

    /// <summary>The scopes it asked for, or <see langword="null"/> for whatever its approver may do.</summary>
    public string[]? Scopes { get; init; }

    public required DeviceDecision Decision { get; init; }

    /// <summary>Who decided.</summary>
    public string ApproverId { get; init; } = string.Empty;

    /// <summary>The session in which it was decided.</summary>
    public string ApproverSessionId { get; init; } = string.Empty;

    /// <summary>When.</summary>
    public DateTimeOffset DecidedAt { get; init; }

    /// <summary>The scopes it was given.</summary>
    public string[] Granted { get; init; } = [];

    /// <summary>How long the device has to wait between two questions now.</summary>
    public required int IntervalSeconds { get; init; }

    public required DateTimeOffset AskedAt { get; init; }

    /// <summary>Until when the code is good; the record stays a while longer, so that the device is told what happened.</summary>
    public required DateTimeOffset GoodUntil { get; init; }

    public static DeviceRequest Read(string content) => JsonSerializer.Deserialize<DeviceRequest>(content)!;

    public string Write() => JsonSerializer.Serialize(this);
}

/// <summary>What was decided about a device.</summary>
internal enum DeviceDecision
{
    /// <summary>Nothing yet.</summary>
    Pending,

    /// <summary>It may sign in.</summary>
    Approved,

    /// <summary>It was turned away.</summary>
    Denied,
}
