using AgentGate.Kernel.Transparency;

namespace AgentGate.Audit;

/// <summary>Which entries of one tenant's log to read, newest first. Filters are joined by "and".</summary>
internal sealed record AuditQuery
{
    /// <summary>The most entries one page can hold.</summary>
    public const int MaxLimit = 1000;

    public required string Tenant { get; init; }

    public EntryKind? Kind { get; init; }

    /// <summary>The pseudonymous principal id.</summary>
    public string? Principal { get; init; }

    /// <summary>The id of the resource: a model's or a tool's name.</summary>
    public string? Resource { get; init; }

    /// <summary>The action, or the administrative act.</summary>
    public string? Action { get; init; }

    public string? Code { get; init; }

    /// <summary>A part of the principal, action, resource, code, door, call id or detail, whatever its case (ASCII).</summary>
    public string? Search { get; init; }

    public DateTimeOffset? Since { get; init; }

    /// <summary>The first moment that is not included.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>Only entries with a smaller number: the cursor. New entries never move a page.</summary>
    public long? BeforeSeq { get; init; }

    public int Limit { get; init; } = 100;
}
