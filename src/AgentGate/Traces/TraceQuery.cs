namespace AgentGate.Traces;

/// <summary>Which traces of one tenant to list, newest first. Filters are joined by "and".</summary>
internal sealed record TraceQuery
{
    /// <summary>The most traces one page can hold.</summary>
    public const int MaxLimit = 1000;

    public required string Tenant { get; init; }

    /// <summary>One of <see cref="TraceStatus"/>.</summary>
    public string? Status { get; init; }

    public string? Decision { get; init; }

    public string? Action { get; init; }

    /// <summary>The id of the resource.</summary>
    public string? Resource { get; init; }

    public string? Principal { get; init; }

    public string? Door { get; init; }

    public DateTimeOffset? Since { get; init; }

    public int Limit { get; init; } = 50;

    public int Offset { get; init; }
}
