using System.Collections.Immutable;
using AgentGate.Cedar.Entities;

namespace AgentGate.Cedar.Syntax;

/// <summary>What the scope of a policy says about the action. A closed set; immutable.</summary>
public abstract record ActionConstraint
{
    private ActionConstraint()
    {
    }

    /// <summary><c>action</c>: any action.</summary>
    public sealed record Any : ActionConstraint
    {
        /// <summary>The one instance.</summary>
        public static Any Instance { get; } = new();
    }

    /// <summary><c>action == A</c>.</summary>
    /// <param name="Action">The action.</param>
    public sealed record Equal(EntityUid Action) : ActionConstraint;

    /// <summary><c>action in A</c>, or <c>action in [A, B]</c>.</summary>
    /// <param name="Actions">The actions or groups of actions; empty matches nothing.</param>
    /// <param name="IsList">Whether it is written with brackets. Has no meaning for evaluation.</param>
    public sealed record In(ImmutableArray<EntityUid> Actions, bool IsList) : ActionConstraint;
}
