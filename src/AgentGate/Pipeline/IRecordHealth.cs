namespace AgentGate.Pipeline;

/// <summary>Whether decisions can be put on record: a gate that cannot write is closed.</summary>
internal interface IRecordHealth
{
    /// <summary>Whether the last append succeeded.</summary>
    bool IsWritable { get; }
}
