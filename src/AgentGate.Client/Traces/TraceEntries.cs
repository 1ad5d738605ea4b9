using AgentGate.Client.Audit;

namespace AgentGate.Client.Traces;

/// <summary>A page of traces, newest first.</summary>
/// <param name="Traces">The traces.</param>
public sealed record TraceList(IReadOnlyList<TraceSummary> Traces);

/// <summary>A trace as lists show it.</summary>
public record TraceSummary
{
    /// <summary>The call's id.</summary>
    public required string Id { get; init; }

    /// <summary>The call that led to this one.</summary>
    public string? ParentId { get; init; }

    /// <summary><c>completed</c>, <c>failed</c>, <c>blocked</c>, <c>cancelled</c>, <c>unknown</c>, <c>denied</c> or <c>held</c>.</summary>
    public required string Status { get; init; }

    /// <summary><c>allow</c>, <c>deny</c> or <c>hold</c>.</summary>
    public required string Decision { get; init; }

    /// <summary>The door.</summary>
    public required string Door { get; init; }

    /// <summary>The pseudonymous principal id.</summary>
    public required string Principal { get; init; }

    /// <summary>The action.</summary>
    public required string Action { get; init; }

    /// <summary>What was acted on.</summary>
    public required AuditResource Resource { get; init; }

    /// <summary>When the call arrived (UTC).</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>From arrival to the last entry, in milliseconds.</summary>
    public required double DurationMs { get; init; }

    /// <summary>The <c>AG####</c> code.</summary>
    public string? Code { get; init; }

    /// <summary>The reason that belongs to the code.</summary>
    public string? Reason { get; init; }

    /// <summary>What the effect consumed.</summary>
    public AuditUsage? Usage { get; init; }
}

/// <summary>A whole trace.</summary>
public sealed record TraceDetail : TraceSummary
{
    /// <summary>What each guard answered, in order.</summary>
    public required IReadOnlyList<AuditVerdict> Verdicts { get; init; }

    /// <summary>What left after masking; absent when nothing left.</summary>
    public string? Sent { get; init; }

    /// <summary>Whether <see cref="Sent"/> was cut.</summary>
    public bool SentCut { get; init; }

    /// <summary>The salt of the log entry's digests, lower-case hex.</summary>
    public string? Salt { get; init; }

    /// <summary>Where it went.</summary>
    public required IReadOnlyList<AuditTarget> Targets { get; init; }

    /// <summary>The kinds of content no guard could read.</summary>
    public required IReadOnlyList<string> Unread { get; init; }
}
