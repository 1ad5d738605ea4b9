using AgentGate.Cedar.Entities;

namespace AgentGate.Cedar.Syntax;

/// <summary>What the scope of a policy says about the principal or the resource. A closed set; immutable.</summary>
/// <remarks>An entity of <see langword="null"/> stands for the slot of a template.</remarks>
public abstract record ScopeConstraint
{
    private ScopeConstraint()
    {
    }

    /// <summary>Whether a slot waits to be filled.</summary>
    public bool HasSlot => this is Equal { Entity: null } or In { Entity: null } or IsIn { Entity: null };

    /// <summary>The same constraint with its slot filled; itself when it has none.</summary>
    public ScopeConstraint Fill(EntityUid entity) => this switch
    {
        Equal { Entity: null } equal => equal with { Entity = entity },
        In { Entity: null } within => within with { Entity = entity },
        IsIn { Entity: null } isIn => isIn with { Entity = entity },
        _ => this,
    };

    /// <summary><c>principal</c>: any entity.</summary>
    public sealed record Any : ScopeConstraint
    {
        /// <summary>The one instance.</summary>
        public static Any Instance { get; } = new();
    }

    /// <summary><c>principal == E</c>.</summary>
    /// <param name="Entity">The entity; <see langword="null"/> for the slot.</param>
    public sealed record Equal(EntityUid? Entity) : ScopeConstraint;

    /// <summary><c>principal in E</c>: the entity itself or a descendant.</summary>
    /// <param name="Entity">The entity; <see langword="null"/> for the slot.</param>
    public sealed record In(EntityUid? Entity) : ScopeConstraint;

    /// <summary><c>principal is T</c>.</summary>
    /// <param name="Type">The entity type.</param>
    public sealed record Is(EntityTypeName Type) : ScopeConstraint;

    /// <summary><c>principal is T in E</c>.</summary>
    /// <param name="Type">The entity type.</param>
    /// <param name="Entity">The entity; <see langword="null"/> for the slot.</param>
    public sealed record IsIn(EntityTypeName Type, EntityUid? Entity) : ScopeConstraint;
}
