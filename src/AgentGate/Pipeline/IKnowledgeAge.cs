namespace AgentGate.Pipeline;

/// <summary>Whether what this process holds in memory may be older than it is allowed to be. Without one, nobody else changes anything. Thread-safe.</summary>
internal interface IKnowledgeAge
{
    /// <summary>Whether too long ago it was known that nothing had changed.</summary>
    bool IsTooOld { get; }
}
