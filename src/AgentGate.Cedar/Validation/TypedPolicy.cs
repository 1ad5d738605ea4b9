using System.Collections.Immutable;
using AgentGate.Cedar.Schema;
using AgentGate.Cedar.Syntax;

namespace AgentGate.Cedar.Validation;

/// <summary>A policy with the types of its expressions in one request environment: what analyses of policies start from. Immutable.</summary>
public sealed class TypedPolicy
{
    private readonly Dictionary<Expr, CedarType> _types;

    internal TypedPolicy(RequestEnvironment environment, Dictionary<Expr, CedarType> types, bool isAlwaysFalse, ImmutableArray<ValidationFinding> errors)
    {
        _types = types;
        Environment = environment;
        IsAlwaysFalse = isAlwaysFalse;
        Errors = errors;
    }

    /// <summary>The environment.</summary>
    public RequestEnvironment Environment { get; }

    /// <summary>Whether the policy is never satisfied in this environment.</summary>
    public bool IsAlwaysFalse { get; }

    /// <summary>What keeps the conditions from being well typed in this environment; empty when nothing does.</summary>
    public ImmutableArray<ValidationFinding> Errors { get; }

    /// <summary>The type of an expression of the policy; <see langword="null"/> when it is never evaluated in this environment, or an error hides it.</summary>
    public CedarType? TypeOf(Expr expression) => _types.GetValueOrDefault(expression);
}
