namespace AgentGate.Limits;

/// <summary>What a store says of one count after it was asked.</summary>
/// <param name="Remaining">How many more calls fit now.</param>
/// <param name="NextFree">How long until one more fits than now: when the oldest call leaves the window. Rounded up, never early.</param>
/// <param name="Fits">Whether the call fitted into this count.</param>
internal readonly record struct LimitCount(int Remaining, TimeSpan NextFree, bool Fits)
{
    /// <summary>
    /// Whether the store has not observed the rule's whole window, since it lost its counts: the rule does what it declares for a
    /// loss. One that allows is counted all the same, so that its window fills; the others are not, and <see cref="Fits"/> is false.
    /// </summary>
    public bool IsUnknown { get; init; }
}
