using System.Collections.Immutable;

namespace AgentGate.Kernel.Delegation;

/// <summary>The circumstances under which a grant counts; what is <see langword="null"/> does not narrow. Immutable.</summary>
public sealed record GrantConstraints
{
    /// <summary>No constraint.</summary>
    public static GrantConstraints None { get; } = new();

    /// <summary>The doors it counts at.</summary>
    public ImmutableArray<string>? Doors { get; init; }

    /// <summary>The networks (CIDR) it counts from.</summary>
    public ImmutableArray<string>? SourceNetworks { get; init; }

    /// <summary><see langword="false"/>: not for calls a model asks for.</summary>
    public bool? ByModel { get; init; }
}
