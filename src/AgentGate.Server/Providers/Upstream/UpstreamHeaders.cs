namespace AgentGate.Server.Providers.Upstream;

/// <summary>What a caller's headers may say to a provider, and nothing else: the door fills this in, the transport checks it.</summary>
internal sealed record UpstreamHeaders
{
    public static UpstreamHeaders None { get; } = new();

    /// <summary>Whether the caller asked for a stream.</summary>
    public bool Stream { get; init; }

    /// <summary>The caller's <c>anthropic-version</c>; anything but a date becomes the default.</summary>
    public string? AnthropicVersion { get; init; }

    /// <summary>The caller's <c>anthropic-beta</c>, comma-separated; values that configuration does not list are dropped.</summary>
    public string? AnthropicBeta { get; init; }
}
