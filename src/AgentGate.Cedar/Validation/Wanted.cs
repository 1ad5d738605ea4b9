namespace AgentGate.Cedar.Validation;

/// <summary>The sorts of types a place in an expression takes.</summary>
[Flags]
internal enum Wanted
{
    /// <summary>A boolean.</summary>
    Bool = 1,

    /// <summary>A 64-bit integer.</summary>
    Long = 2,

    /// <summary>A string.</summary>
    String = 4,

    /// <summary>Any set.</summary>
    Set = 8,

    /// <summary>Any record.</summary>
    Record = 16,

    /// <summary>Any entity.</summary>
    Entity = 32,

    /// <summary>A set of entities.</summary>
    SetOfEntities = 64,

    /// <summary>An IP address.</summary>
    IpAddress = 128,

    /// <summary>A decimal.</summary>
    Decimal = 256,

    /// <summary>A datetime.</summary>
    Datetime = 512,

    /// <summary>A duration.</summary>
    Duration = 1024,
}
