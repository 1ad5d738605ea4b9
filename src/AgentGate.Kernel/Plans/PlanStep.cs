using AgentGate.Kernel.Decisions;

namespace AgentGate.Kernel.Plans;

/// <summary>One step of a plan. Immutable.</summary>
public sealed record PlanStep
{
    /// <summary>What is to be done, one of <see cref="GateActions"/>; <see langword="null"/> where the plan does not say.</summary>
    public string? Action { get; init; }

    /// <summary>What it is to be done to; <see langword="null"/> where the plan does not say.</summary>
    public EntityRef? Resource { get; init; }

    /// <summary>The arguments of a tool's call as canonical JSON, empty where there are none: what is asked for, never who asks.</summary>
    public ReadOnlyMemory<byte> Arguments { get; init; }

    /// <summary>The tool that would do it, for an action on a target.</summary>
    public string? Tool { get; init; }

    /// <summary>The grant the step is taken under, if any.</summary>
    public string? DelegationRef { get; init; }

    /// <summary>What it changes.</summary>
    public PlanEffects Effects { get; init; } = PlanEffects.None;
}
