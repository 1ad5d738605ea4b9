using AgentGate.Diagnostics;

namespace AgentGate.Pipeline;

/// <summary>
/// When the store last confirmed that what this process holds is what it says. When that is too long ago, the process is not ready and its
/// gate is closed: permits that rest on what may have been taken back are no permits. Thread-safe.
/// </summary>
/// <param name="options">Validated options.</param>
/// <param name="time">The clock.</param>
internal sealed class KnowledgeAge(ChangeOptions options, TimeProvider time) : IKnowledgeAge, IReadiness
{
    // A server loads everything before its first call, and follows from then on.
    private long _confirmed = time.GetTimestamp();

    /// <summary>How long ago it was last known that everything in force is what the store says.</summary>
    public TimeSpan Age => time.GetElapsedTime(Interlocked.Read(ref _confirmed));

    public bool IsTooOld => Age > options.StaleAfter;

    public string? NotReadyBecause => IsTooOld
        ? $"{Codes.KnowledgeTooOld}: for {options.StaleAfter.TotalSeconds:0.#} seconds the store has not said what other servers changed, so every call is denied"
        : null;

    /// <summary>Everything in force is what the store said at a moment of the clock.</summary>
    public void Confirm(long timestamp) => Interlocked.Exchange(ref _confirmed, timestamp);
}
