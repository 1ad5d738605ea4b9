namespace AgentGate.Cli.Policies.Cases;

/// <summary>One difference.</summary>
/// <param name="Kind">In what.</param>
/// <param name="Request">The request, counted from 0; <see langword="null"/> when it concerns the whole case.</param>
/// <param name="Detail">What is on file and what we say.</param>
internal sealed record Disagreement(DisagreementKind Kind, int? Request, string Detail)
{
    /// <summary>The name of the change of the language that explains it, or <see langword="null"/>.</summary>
    public string? Reason { get; init; }

    /// <summary>Whether nothing after it was compared.</summary>
    public bool Stops { get; init; }
}
