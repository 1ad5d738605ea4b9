namespace AgentGate.Kernel.Certificates;

/// <summary>What a key may sign. A closed set; the words are those of docs/formats/bundle.md.</summary>
public enum KeyRole
{
    /// <summary>Batches of certificates.</summary>
    Certificates,

    /// <summary>Checkpoints of the log.</summary>
    Checkpoints,

    /// <summary>Grants.</summary>
    Grants,

    /// <summary>Votes of a safety node.</summary>
    Nodes,
}
