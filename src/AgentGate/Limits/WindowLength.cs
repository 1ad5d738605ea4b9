namespace AgentGate.Limits;

/// <summary>The length of a rule's window in ticks of the clock that counts, and how fine it slides.</summary>
internal readonly struct WindowLength
{
    private readonly long _frequency;

    public WindowLength(Limit limit, long frequency)
    {
        _frequency = frequency;
        Ticks = (long)UInt128.Min(long.MaxValue / 4, ((UInt128)limit.Window.Ticks * (ulong)frequency + TimeSpan.TicksPerSecond - 1) / TimeSpan.TicksPerSecond);
        SlotTicks = limit.Calls <= SlidingWindow.Slots + 1 ? 0 : (Ticks + SlidingWindow.Slots - 1) / SlidingWindow.Slots;
    }

    /// <summary>A call leaves the window when this many ticks have passed.</summary>
    public long Ticks { get; }

    /// <summary>Calls within so many ticks form a group; zero where each instant is its own.</summary>
    public long SlotTicks { get; }

    /// <summary>Ticks of the clock as time, rounded up: who waits this long is not early.</summary>
    public TimeSpan ToTime(long ticks)
        => _frequency == 1_000_000_000
            ? new TimeSpan((ticks + 99) / 100)
            : new TimeSpan((long)(((UInt128)(ulong)ticks * TimeSpan.TicksPerSecond + (ulong)_frequency - 1) / (ulong)_frequency));
}
