using System.Collections.Immutable;

namespace AgentGate.Pipeline;

/// <summary>Something a person should look at. Immutable. Stored encrypted; what the log says of it holds no address and no account.</summary>
internal sealed record Alert
{
    /// <summary>How much it matters.</summary>
    public required AlertSeverity Severity { get; init; }

    /// <summary>What kind of thing happened, a constant word: <c>brute-force</c>.</summary>
    public required string Category { get; init; }

    /// <summary>Which part saw it, a constant word: <c>sign-in</c>.</summary>
    public required string Source { get; init; }

    /// <summary>One line, without anything personal.</summary>
    public required string Title { get; init; }

    /// <summary>What happened and what to do, without anything personal.</summary>
    public required string Description { get; init; }

    /// <summary>The network address it is about, or empty.</summary>
    public string Address { get; init; } = string.Empty;

    /// <summary>The pseudonymous id of whom it is about, or empty.</summary>
    public string UserId { get; init; } = string.Empty;

    /// <summary>The account it is about: its e-mail. It is shown to who may read alerts, and sent to nobody.</summary>
    public string Account { get; init; } = string.Empty;

    /// <summary>What the program at the other end calls itself. It is shown to who may read alerts, and sent to nobody.</summary>
    public string UserAgent { get; init; } = string.Empty;

    /// <summary>Figures and words beside, from a fixed vocabulary.</summary>
    public ImmutableArray<AlertDetail> Details { get; init; } = [];
}

/// <summary>A name and a value beside an alert.</summary>
/// <param name="Name">A constant word.</param>
/// <param name="Value">A figure, or a word of a fixed vocabulary.</param>
internal sealed record AlertDetail(string Name, string Value);
