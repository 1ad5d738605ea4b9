namespace AgentGate.Client.Traces;

/// <summary>Which traces of the own tenant to list. Filters are joined by "and"; absent ones do not filter.</summary>
public sealed record TraceFilter
{
    /// <summary>How the call ended, for example <c>completed</c> or <c>denied</c>.</summary>
    public string? Status { get; init; }

    /// <summary><c>allow</c>, <c>deny</c> or <c>hold</c>.</summary>
    public string? Decision { get; init; }

    /// <summary>The action.</summary>
    public string? Action { get; init; }

    /// <summary>The tool or model.</summary>
    public string? Resource { get; init; }

    /// <summary>The pseudonymous principal id.</summary>
    public string? Principal { get; init; }

    /// <summary>The door.</summary>
    public string? Door { get; init; }

    /// <summary>The first moment included.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>The page size, 1 to 1000.</summary>
    /// <value>The default is 50.</value>
    public int? Limit { get; init; }

    /// <summary>How many to pass over.</summary>
    /// <value>The default is 0.</value>
    public int? Offset { get; init; }
}
