namespace AgentGate.Limits;

/// <summary>One count: whose it is, and its window.</summary>
internal sealed class LimitBucket(LimitKey key)
{
    /// <summary>Whose count it is.</summary>
    public LimitKey Key = key;

    /// <summary>Its calls.</summary>
    public SlidingWindow Window;

    /// <summary>Calls that were found to fit and are not counted yet, while a question about several counts is answered.</summary>
    public int Pending;

    /// <summary>The next count in the same chain.</summary>
    public LimitBucket? Next;

    /// <summary>Its place in its shard's list.</summary>
    public int Index;
}
