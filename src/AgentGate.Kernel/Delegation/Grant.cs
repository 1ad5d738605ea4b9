using System.Collections.Immutable;

namespace AgentGate.Kernel.Delegation;

/// <summary>A delegation from one principal to another (docs/formats/delegation.md). Immutable.</summary>
public sealed record Grant
{
    /// <summary>The id: <c>g_</c> and 32 hex digits.</summary>
    public required string Id { get; init; }

    /// <summary>The tenant it counts in.</summary>
    public required string Tenant { get; init; }

    /// <summary>Who grants.</summary>
    public required string Principal { get; init; }

    /// <summary>Who may act.</summary>
    public required string Delegate { get; init; }

    /// <summary>The actions, or <c>*</c> alone; sorted.</summary>
    public required ImmutableArray<string> Actions { get; init; }

    /// <summary>The scopes, sorted.</summary>
    public required ImmutableArray<string> ResourceScope { get; init; }

    /// <summary>What must also hold, sorted.</summary>
    public ImmutableArray<string> Obligations { get; init; } = [];

    /// <summary>Under which circumstances it counts.</summary>
    public GrantConstraints Constraints { get; init; } = GrantConstraints.None;

    /// <summary>The grant this one narrows, or <see langword="null"/> for a root.</summary>
    public string? ParentId { get; init; }

    /// <summary>Valid from then on (UTC, whole milliseconds).</summary>
    public required DateTimeOffset IssuedAt { get; init; }

    /// <summary>Valid until before then (UTC, whole milliseconds).</summary>
    public required DateTimeOffset ExpiresAt { get; init; }
}
