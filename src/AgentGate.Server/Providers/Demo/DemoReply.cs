namespace AgentGate.Server.Providers.Demo;

/// <summary>An answer in the shape of a wire format: final bytes, which the handler only sends.</summary>
internal sealed record DemoReply
{
    public int Status { get; init; } = 200;

    /// <summary>The unstreamed document; empty for a stream.</summary>
    public byte[] Body { get; init; } = [];

    /// <summary>The events of a stream, each with the name it carries where its protocol names events.</summary>
    public IReadOnlyList<(string? Name, byte[] Data)>? Events { get; init; }

    public TimeSpan Pause { get; init; }

    public bool BreaksMidway { get; init; }
}
