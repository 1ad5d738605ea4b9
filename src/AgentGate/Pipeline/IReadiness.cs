namespace AgentGate.Pipeline;

/// <summary>Something a server needs beside its log to serve as it was decided. Thread-safe.</summary>
internal interface IReadiness
{
    /// <summary>Why the server is not ready, with a stable code in front; <see langword="null"/> while it is.</summary>
    string? NotReadyBecause { get; }
}
