namespace AgentGate.Limits;

/// <summary>What a store says of one count after it was asked.</summary>
/// <param name="Remaining">How many more calls fit now.</param>
/// <param name="NextFree">How long until one more fits than now: when the oldest call leaves the window. Rounded up, never early.</param>
/// <param name="Fits">Whether the call fitted into this count.</param>
internal readonly record struct LimitCount(int Remaining, TimeSpan NextFree, bool Fits);
