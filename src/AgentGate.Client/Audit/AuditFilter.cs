namespace AgentGate.Client.Audit;

/// <summary>Which entries of the own tenant's log to read. Filters are joined by "and"; absent ones do not filter.</summary>
public sealed record AuditFilter
{
    /// <summary>The kind of entry, for example <c>denied</c>, or an administrative act such as <c>audit.export</c>.</summary>
    public string? EventType { get; init; }

    /// <summary>The pseudonymous principal id.</summary>
    public string? Actor { get; init; }

    /// <summary>The tool or model.</summary>
    public string? Tool { get; init; }

    /// <summary>The <c>AG####</c> code.</summary>
    public string? Code { get; init; }

    /// <summary>Part of the principal, action, resource, code, door, call id or detail.</summary>
    public string? Search { get; init; }

    /// <summary>The first moment included.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>The first moment not included.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>The page size, 1 to 1000.</summary>
    /// <value>The default is 100.</value>
    public int? Limit { get; init; }

    /// <summary><see cref="AuditPage.NextCursor"/> of the page before.</summary>
    public string? Cursor { get; init; }
}
