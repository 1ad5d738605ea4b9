using AgentGate.Kernel.Transparency;

namespace AgentGate.Audit;

/// <summary>Where the chain keys come from. Thread-safe.</summary>
internal interface ILogKeySource
{
    /// <summary>The key that new entries are chained with.</summary>
    LogKey Current { get; }

    /// <summary>The key of an id, also of one no longer in use, or <see langword="null"/>.</summary>
    LogKey? Find(string keyId);
}
