namespace AgentGate.Server.Gateway.Streaming;

/// <summary>One event as it goes to the caller.</summary>
/// <param name="Name">The event's name, or <see langword="null"/>.</param>
/// <param name="Data">The data.</param>
internal readonly record struct OutputEvent(string? Name, ReadOnlyMemory<byte> Data);
