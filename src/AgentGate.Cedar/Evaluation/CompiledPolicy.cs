using System.Collections.Immutable;
using AgentGate.Cedar.Entities;
using AgentGate.Cedar.Syntax;

namespace AgentGate.Cedar.Evaluation;

/// <summary>A policy ready to be evaluated. Immutable but for a memo, thread-safe.</summary>
internal sealed class CompiledPolicy
{
    private readonly ImmutableArray<(Node Body, bool IsUnless)> _conditions;
    private DeterminingList? _lastList;

    public CompiledPolicy(Policy source, int order)
        : this(source, order, [.. source.Conditions.Select(static condition => (ExprCompiler.Compile(condition.Body), condition.IsUnless))], [source.Id])
    {
    }

    private CompiledPolicy(Policy source, int order, ImmutableArray<(Node Body, bool IsUnless)> conditions, ImmutableArray<string> id)
    {
        Source = source;
        Order = order;
        _conditions = conditions;
        AsDetermining = id;
    }

    public Policy Source { get; }

    /// <summary>The place in the set: results come in this order.</summary>
    public int Order { get; }

    /// <summary>The id as the list of a result that this policy alone determines.</summary>
    public ImmutableArray<string> AsDetermining { get; }

    /// <summary>
    /// The list of determining policies that was handed out last when this policy came first among the satisfied ones: mostly the next one is
    /// the same. A memo, not state: whoever reads it checks that it fits, and a lost race costs one list.
    /// </summary>
    public DeterminingList? LastList
    {
        get => Volatile.Read(ref _lastList);
        set => Volatile.Write(ref _lastList, value);
    }

    public bool IsPermit => Source.Effect == PolicyEffect.Permit;

    /// <summary>The same policy at another place; nothing is compiled again.</summary>
    public CompiledPolicy At(int order) => order == Order ? this : new(Source, order, _conditions, AsDetermining);

    /// <summary>Whether every condition holds. <see langword="false"/> when one has no value; those behind one that does not hold are not evaluated.</summary>
    public bool TrySatisfy(ref EvaluationFrame frame, out bool satisfied)
    {
        foreach (var (body, isUnless) in _conditions)
        {
            if (!body.TryTest(ref frame, out var truth))
            {
                satisfied = false;
                return false;
            }

            if (truth == isUnless)
            {
                satisfied = false;
                return true;
            }
        }

        satisfied = true;
        return true;
    }

    /// <summary>Whether the scope admits the request. It never errs.</summary>
    public bool InScope(in EvaluationFrame frame)
        => Admits(Source.Principal, frame.Request.Principal, frame.Principal)
            && Admits(Source.Action, frame.Request.Action, frame.Action)
            && Admits(Source.Resource, frame.Request.Resource, frame.Resource);

    private static bool Admits(ScopeConstraint constraint, EntityUid uid, EntityNode? node) => constraint switch
    {
        ScopeConstraint.Any => true,
        ScopeConstraint.Equal equal => uid.Equals(equal.Entity),
        ScopeConstraint.In { Entity: { } group } => EntityNode.IsIn(uid, node, group),
        ScopeConstraint.Is isType => uid.Type.Equals(isType.Type),
        ScopeConstraint.IsIn { Entity: { } group } isIn => uid.Type.Equals(isIn.Type) && EntityNode.IsIn(uid, node, group),
        _ => false,
    };

    private static bool Admits(ActionConstraint constraint, EntityUid uid, EntityNode? node)
    {
        switch (constraint)
        {
            case ActionConstraint.Any:
                return true;
            case ActionConstraint.Equal equal:
                return uid.Equals(equal.Action);
            case ActionConstraint.In within:
                foreach (var group in within.Actions)
                {
                    if (EntityNode.IsIn(uid, node, group))
                    {
                        return true;
                    }
                }

                return false;
            default:
                return false;
        }
    }
}
