namespace AgentGate.Certificates;

/// <summary>Gives the key under which the keys of stored evidence are wrapped. Thread-safe.</summary>
internal interface IEvidenceMasterKey
{
    /// <summary>The 256-bit key. The same bytes each time.</summary>
    ReadOnlyMemory<byte> Key { get; }
}
