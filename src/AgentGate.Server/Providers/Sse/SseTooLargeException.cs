namespace AgentGate.Server.Providers.Sse;

/// <summary>An event, or a line within it, is larger than the reader's bound.</summary>
internal sealed class SseTooLargeException(int bytesMax) : Exception($"A server-sent event is larger than {bytesMax} bytes.");
