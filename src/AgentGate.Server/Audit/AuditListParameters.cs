using System.Globalization;
using AgentGate.Audit;
using AgentGate.Kernel.Transparency;
using Microsoft.AspNetCore.Mvc;

namespace AgentGate.Server.Audit;

/// <summary>The parameters of <c>GET /api/audit</c>, as text: what cannot be read is answered with the parameter's name.</summary>
internal sealed record AuditListParameters
{
    [FromQuery(Name = "event_type")]
    public string? EventType { get; init; }

    [FromQuery(Name = "kind")]
    public string? Kind { get; init; }

    [FromQuery(Name = "actor")]
    public string? Actor { get; init; }

    [FromQuery(Name = "tool")]
    public string? Tool { get; init; }

    [FromQuery(Name = "code")]
    public string? Code { get; init; }

    [FromQuery(Name = "search")]
    public string? Search { get; init; }

    [FromQuery(Name = "since")]
    public string? Since { get; init; }

    [FromQuery(Name = "until")]
    public string? Until { get; init; }

    [FromQuery(Name = "limit")]
    public string? Limit { get; init; }

    [FromQuery(Name = "cursor")]
    public string? Cursor { get; init; }

    public AuditQuery ToQuery(string tenant)
    {
        // An event type is a kind of entry or, for administrative entries, the act.
        var isKind = LogEntryWords.TryParse(EventType, out EntryKind type);
        var kind = isKind ? type : (EntryKind?)null;
        if (Kind is not null)
        {
            kind = LogEntryWords.TryParse(Kind, out EntryKind named)
                ? named
                : throw new QueryProblem("kind", $"'kind' must be one of {string.Join(", ", Enum.GetValues<EntryKind>().Select(LogEntryWords.Of))}.");
        }

        return new AuditQuery
        {
            Tenant = tenant,
            Kind = kind,
            Action = isKind ? null : QueryProblem.Text("event_type", EventType),
            Principal = QueryProblem.Text("actor", Actor),
            Resource = QueryProblem.Text("tool", Tool),
            Code = QueryProblem.Text("code", Code),
            Search = QueryProblem.Text("search", Search),
            Since = QueryProblem.Time("since", Since),
            Until = QueryProblem.Time("until", Until),
            Limit = QueryProblem.Number("limit", Limit, 100, 1, AuditQuery.MaxLimit),
            BeforeSeq = ReadCursor(),
        };
    }

    private long? ReadCursor()
        => Cursor is null ? null
            : long.TryParse(Cursor, NumberStyles.None, CultureInfo.InvariantCulture, out var seq) && seq > 0 ? seq
            : throw new QueryProblem("cursor", "'cursor' must be the next_cursor of a former page.");
}
