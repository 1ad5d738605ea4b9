namespace AgentGate.Deception;

/// <summary>A trap: something nobody has a reason to touch. Holds no value; that lies encrypted beside it. Immutable.</summary>
internal sealed record HoneyToken
{
    /// <summary>The id: <c>ht_</c> and 32 hex digits.</summary>
    public required string Id { get; init; }

    /// <summary>The tenant whose calls it watches.</summary>
    public required string Tenant { get; init; }

    /// <summary>What it pretends to be.</summary>
    public required HoneyType Type { get; init; }

    /// <summary>What it is called; of a tool, the tool's name.</summary>
    public required string Name { get; init; }

    /// <summary>What its operators know about it.</summary>
    public string Description { get; init; } = "";

    /// <summary>Which resources and targets it covers: <c>*</c> stands for any text.</summary>
    public string? ResourcePattern { get; init; }

    /// <summary>Whether it has a value that must not appear in any call.</summary>
    public bool HasValue { get; init; }

    /// <summary>When it was set.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The pseudonymous id of who set it.</summary>
    public required string CreatedBy { get; init; }
}
