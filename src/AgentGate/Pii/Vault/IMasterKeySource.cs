namespace AgentGate.Pii.Vault;

/// <summary>Gives the key under which the session keys of a stored vault are wrapped. Thread-safe.</summary>
internal interface IMasterKeySource
{
    /// <summary>The 256-bit master key. The same bytes each time.</summary>
    ReadOnlyMemory<byte> MasterKey { get; }
}
