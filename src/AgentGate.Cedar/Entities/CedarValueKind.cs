namespace AgentGate.Cedar.Entities;

/// <summary>The types of values.</summary>
public enum CedarValueKind
{
    /// <summary>A boolean.</summary>
    Bool,

    /// <summary>A 64-bit signed integer.</summary>
    Long,

    /// <summary>A Unicode string.</summary>
    String,

    /// <summary>A reference to an entity.</summary>
    Entity,

    /// <summary>A set of values.</summary>
    Set,

    /// <summary>A record.</summary>
    Record,

    /// <summary>An IP address or range.</summary>
    IpAddress,

    /// <summary>A decimal with four fractional digits.</summary>
    Decimal,

    /// <summary>A point in time, in milliseconds.</summary>
    Datetime,

    /// <summary>A length of time, in milliseconds.</summary>
    Duration,
}
