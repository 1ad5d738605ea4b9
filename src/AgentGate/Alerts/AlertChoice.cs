namespace AgentGate.Alerts;

/// <summary>What becomes of an alert.</summary>
internal abstract record AlertChoice
{
    private AlertChoice()
    {
    }

    /// <summary>It is sent.</summary>
    /// <param name="Raised">The summary of a running cooldown that takes on its severity and its channels; <see langword="null"/> where none has to.</param>
    public sealed record Send(string? Raised = null) : AlertChoice;

    /// <summary>It is counted as a repetition of one that was sent.</summary>
    /// <param name="Id">Of which.</param>
    public sealed record Repeat(string Id) : AlertChoice;

    /// <summary>It is counted in a summary that is sent when the cooldown ends.</summary>
    /// <param name="SummaryId">In which; <see langword="null"/> where the cooldown begins with it.</param>
    public sealed record Hold(string? SummaryId) : AlertChoice;
}
