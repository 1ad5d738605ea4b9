using AgentGate.Server.Audit;
using AgentGate.Traces;
using Microsoft.AspNetCore.Mvc;

namespace AgentGate.Server.Traces;

/// <summary>The parameters of <c>GET /api/traces</c>, as text: what cannot be read is answered with the parameter's name.</summary>
internal sealed record TraceListParameters
{
    private static readonly string[] Decisions = ["allow", "deny", "hold"];

    [FromQuery(Name = "status")]
    public string? Status { get; init; }

    [FromQuery(Name = "decision")]
    public string? Decision { get; init; }

    [FromQuery(Name = "action")]
    public string? Action { get; init; }

    [FromQuery(Name = "resource")]
    public string? Resource { get; init; }

    [FromQuery(Name = "principal")]
    public string? Principal { get; init; }

    [FromQuery(Name = "door")]
    public string? Door { get; init; }

    [FromQuery(Name = "since")]
    public string? Since { get; init; }

    [FromQuery(Name = "limit")]
    public string? Limit { get; init; }

    [FromQuery(Name = "offset")]
    public string? Offset { get; init; }

    public TraceQuery ToQuery(string tenant) => new()
    {
        Tenant = tenant,
        Status = QueryProblem.Word("status", Status, TraceStatus.All),
        Decision = QueryProblem.Word("decision", Decision, Decisions),
        Action = QueryProblem.Text("action", Action),
        Resource = QueryProblem.Text("resource", Resource),
        Principal = QueryProblem.Text("principal", Principal),
        Door = QueryProblem.Text("door", Door),
        Since = QueryProblem.Time("since", Since),
        Limit = QueryProblem.Number("limit", Limit, 50, 1, TraceQuery.MaxLimit),
        Offset = QueryProblem.Number("offset", Offset, 0, 0, int.MaxValue),
    };
}
