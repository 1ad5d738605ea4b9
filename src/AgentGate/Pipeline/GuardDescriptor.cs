namespace AgentGate.Pipeline;

/// <summary>How a guard is installed: its name, its place and how its failure counts. Order is data.</summary>
/// <param name="Name">The guard's name, as it appears in verdicts, metrics and traces.</param>
/// <param name="Order">Its place, one of <see cref="GuardOrder"/>.</param>
public sealed record GuardDescriptor(string Name, int Order)
{
    /// <summary>How long the guard may take for one call.</summary>
    /// <value>The default is 2 seconds.</value>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Whether its verdicts are recorded and not enforced. A shadowed transform is not applied.</summary>
    /// <value>The default is <see langword="false"/>.</value>
    public bool Shadow { get; init; }

    /// <summary>Whether the call may go on when the guard fails. Recorded in every decision made that way.</summary>
    /// <value>The default is <see langword="false"/>: a failing guard closes the gate.</value>
    public bool FailOpen { get; init; }

    /// <summary>Whether the guard counts calls: one that was held was counted then, and is not counted again when it goes on.</summary>
    /// <value>The default is <see langword="false"/>.</value>
    public bool CountsOnce { get; init; }

    /// <summary>The request side, if the guard has one.</summary>
    public IRequestGuard? Request { get; init; }

    /// <summary>The response side, if the guard has one.</summary>
    public IResponseGuard? Response { get; init; }
}
