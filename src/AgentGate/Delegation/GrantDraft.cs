using AgentGate.Kernel.Delegation;

namespace AgentGate.Delegation;

/// <summary>A grant somebody asks for, before it is checked: texts in any order, perhaps twice. Immutable.</summary>
internal sealed record GrantDraft
{
    /// <summary>Who grants; <see langword="null"/> for the one who asks.</summary>
    public string? Principal { get; init; }

    /// <summary>Who may act.</summary>
    public required string Delegate { get; init; }

    /// <summary>The tenant, if it was named: it can only be that of the one who asks.</summary>
    public string? Tenant { get; init; }

    /// <summary>The actions, or <c>*</c> alone.</summary>
    public required IReadOnlyList<string> Actions { get; init; }

    /// <summary>The scopes.</summary>
    public required IReadOnlyList<string> ResourceScope { get; init; }

    /// <summary>What must also hold.</summary>
    public IReadOnlyList<string> Obligations { get; init; } = [];

    /// <summary>Under which circumstances it counts.</summary>
    public GrantConstraints Constraints { get; init; } = GrantConstraints.None;

    /// <summary>The grant it narrows, or <see langword="null"/> for a root.</summary>
    public string? ParentId { get; init; }

    /// <summary>Until when.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }
}
