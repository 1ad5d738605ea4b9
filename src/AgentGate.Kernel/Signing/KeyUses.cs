namespace AgentGate.Kernel.Signing;

/// <summary>What a published key may sign; it signs nothing else (docs/formats/bundle.md, "The keys").</summary>
[Flags]
public enum KeyUses
{
    /// <summary>Nothing that is known here.</summary>
    None = 0,

    /// <summary>Batches of certificates.</summary>
    Certificates = 1,

    /// <summary>Checkpoints of a log.</summary>
    Checkpoints = 2,

    /// <summary>Delegation grants.</summary>
    Grants = 4,

    /// <summary>Votes of a safety node.</summary>
    Nodes = 8,
}
