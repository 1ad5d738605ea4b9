namespace AgentGate.Identity;

/// <summary>Gives the key under which what is personal about users is kept. Thread-safe.</summary>
internal interface IIdentityKey
{
    /// <summary>The 256-bit key. The same bytes each time, on every server of a cluster.</summary>
    ReadOnlyMemory<byte> Key { get; }
}
