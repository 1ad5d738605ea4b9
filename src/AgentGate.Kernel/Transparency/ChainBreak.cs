namespace AgentGate.Kernel.Transparency;

/// <summary>How a log was found broken.</summary>
public enum ChainBreak
{
    /// <summary>The bytes of the entry, or its chain value, are not what was written with the key.</summary>
    Edited,

    /// <summary>An entry that must stand here is not there.</summary>
    Missing,

    /// <summary>An entry stands in a place that is not its own.</summary>
    Reordered,

    /// <summary>The log ends before the head that is known from elsewhere.</summary>
    Truncated,

    /// <summary>The entry names a chain key that the verifier does not have.</summary>
    UnknownKey,
}
