using AgentGate.Kernel.Transparency;

namespace AgentGate.Audit;

/// <summary>The outcome of a call of which nobody can say how it ended. Its reservations are charged in full.</summary>
internal static class UnknownOutcome
{
    /// <summary>Makes the entry.</summary>
    /// <param name="intent">The intent.</param>
    /// <param name="id">The new entry's id.</param>
    /// <param name="at">Now.</param>
    /// <param name="code">Why nobody can say.</param>
    /// <param name="detail">The same in words, never content.</param>
    public static LogEntryBody Of(LogEntryBody intent, string id, DateTimeOffset at, string code, string detail) => new()
    {
        Id = id,
        Kind = EntryKind.Outcome,
        At = at,
        Tenant = intent.Tenant,
        CallId = intent.CallId,
        ParentCallId = intent.ParentCallId,
        Door = intent.Door,
        Principal = intent.Principal,
        Action = intent.Action,
        Resource = intent.Resource,
        Decision = intent.Decision,
        Targets = intent.Targets,
        Outcome = OutcomeKind.Unknown,
        Budgets = intent.Budgets,
        Code = code,
        Detail = detail,
    };
}
