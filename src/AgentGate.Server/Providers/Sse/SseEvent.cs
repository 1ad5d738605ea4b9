namespace AgentGate.Server.Providers.Sse;

/// <summary>One server-sent event.</summary>
/// <param name="Name">The <c>event</c> field, or <see langword="null"/> when it had none.</param>
/// <param name="Data">The <c>data</c> fields, joined by a line feed. UTF-8 as received, not validated.</param>
/// <param name="Id">The event's own <c>id</c> field, if any.</param>
/// <param name="Retry">The event's own <c>retry</c> field in milliseconds, if any.</param>
internal sealed record SseEvent(string? Name, ReadOnlyMemory<byte> Data, string? Id = null, int? Retry = null);
