using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using AgentGate.Cedar.Entities;
using AgentGate.Cedar.Schema;
using AgentGate.Cedar.Syntax;

namespace AgentGate.Cedar.Validation;

/// <summary>Infers the types of one policy's expressions, one request environment at a time. Not thread-safe.</summary>
/// <remarks>
/// The rules are those of the specification (Cedar/Validation/Typechecker.lean) for strict validation, and of the engine where it
/// goes further: permissive validation, and which parts of an expression are not looked at because they are never evaluated.
/// Every expression is looked at once per environment: what stands twice after the sugar is gone (<c>e has a.b</c>,
/// <c>e is T in f</c>) is worked out once, so that nesting such expressions costs no more than their length.
/// </remarks>
internal sealed partial class Typechecker(SchemaIndex schema, TypeLattice lattice, FindingList findings)
{
    private readonly ExpressionShapes _shapes = new();
    private int[] _known = [];
    private int _depth;
    private RequestEnvironment _environment = null!;
    private Dictionary<Expr, CedarType>? _recorded;

    /// <summary>The type of all conditions of a policy together, in one environment.</summary>
    /// <param name="policy">The policy.</param>
    /// <param name="environment">The environment.</param>
    /// <param name="recorded">Where the type of every expression is kept, when somebody asks.</param>
    public Typing CheckConditions(Policy policy, RequestEnvironment environment, Dictionary<Expr, CedarType>? recorded = null)
    {
        _environment = environment;
        _recorded = recorded;
        _depth = 0;
        Array.Clear(_known);
        try
        {
            return CheckClauses(policy);
        }
        catch (InsufficientExecutionStackException)
        {
            return TooDeep(policy.Span);
        }
    }

    private Typing CheckClauses(Policy policy)
    {
        // Clauses are joined by `&&`, from the right: what is known after one holds in the next, and nothing after a false one is looked at.
        var clauses = new List<Typing>(policy.Conditions.Length);
        foreach (var condition in policy.Conditions)
        {
            var body = Expect(condition.Body, Wanted.Bool);
            clauses.Add(condition.IsUnless ? Not(body) : body);
            if (clauses[^1].Is(false))
            {
                break;
            }

            Assume(clauses[^1].Known);
        }

        var all = clauses.Count == 0 ? Typing.Ok(CedarType.True) : clauses[^1];
        for (var i = clauses.Count - 2; i >= 0; i--)
        {
            all = And(clauses[i], all);
        }

        return all;
    }

    private Typing Check(Expr expression)
    {
        if (_depth >= CedarLimits.MaxDepth || !RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            return TooDeep(expression.Span);
        }

        _depth++;
        var typing = CheckNode(expression);
        _depth--;
        if (_recorded is not null && typing.Type is not null)
        {
            _recorded[expression] = typing.Type;
        }

        return typing;
    }

    private Typing TooDeep(SourceSpan span)
    {
        findings.Report(ValidationFindingKind.TooDeep, span, "the expression is nested too deep to be checked", "split the policy, or simplify the expression");
        return Typing.Failed(null);
    }

    private Typing CheckNode(Expr expression) => expression switch
    {
        Expr.Literal literal => CheckLiteral(literal.Value),
        Expr.Variable variable => Typing.Ok(TypeOf(variable.Name)),
        Expr.If branch => CheckIf(branch),
        Expr.And conjunction => CheckAnd(conjunction),
        Expr.Or disjunction => CheckOr(disjunction),
        Expr.Unary unary => CheckUnary(unary),
        Expr.Binary binary => CheckBinary(binary),
        Expr.GetAttribute get => CheckGet(get),
        Expr.HasAttribute has => CheckHas(has),
        Expr.Like like => Typing.Ok(CedarType.Bool).If(Expect(like.Target, Wanted.String, LikeHelp).Succeeded),
        Expr.Is test => CheckIs(test),
        Expr.Set set => CheckSet(set),
        Expr.Record record => CheckRecord(record),
        Expr.ExtensionCall call => CheckCall(call),
        _ => throw new InvalidOperationException($"no rule for {expression.GetType().Name}"),
    };

    private Typing CheckLiteral(CedarValue value) => value switch
    {
        CedarBool boolean => Typing.Ok(boolean.Value ? CedarType.True : CedarType.False),
        CedarLong => Typing.Ok(CedarType.Long),
        CedarString => Typing.Ok(CedarType.String),

        // An entity or action the schema does not know is reported once per policy, not here.
        EntityUid entity => schema.TypeOf(entity) is { } type ? Typing.Ok(type) : Typing.Failed(null),
        _ => throw new InvalidOperationException($"{value.Kind} is no literal"),
    };

    private CedarType TypeOf(RequestVariable variable) => variable switch
    {
        RequestVariable.Principal => schema.TypeOf(_environment.Principal),
        RequestVariable.Action => schema.TypeOf(_environment.Action.Type),
        RequestVariable.Resource => schema.TypeOf(_environment.Resource),
        _ => _environment.Context,
    };

    private Typing CheckIf(Expr.If branch)
    {
        var condition = Expect(branch.Condition, Wanted.Bool);
        if (condition.Is(false))
        {
            return Check(branch.Otherwise).If(condition.Succeeded);
        }

        Assume(condition.Known);
        var then = Check(branch.Then);
        Forget(condition.Known);
        then = then with { Known = then.Known.Union(condition.Known) };
        if (condition.Is(true))
        {
            return then.If(condition.Succeeded && then.Succeeded);
        }

        var otherwise = Check(branch.Otherwise);
        if (then.Type is null || otherwise.Type is null)
        {
            return Typing.Failed(null);
        }

        if (lattice.Join(then.Type, otherwise.Type, out var conflict) is not { } type)
        {
            ReportConflict(branch.Span, "the two results of `if` must have one type", then.Type, otherwise.Type, conflict);
            return Typing.Failed(null);
        }

        return Typing.Ok(type, then.Known.Intersect(otherwise.Known)).If(condition.Succeeded && then.Succeeded && otherwise.Succeeded);
    }

    private Typing CheckAnd(Expr.And conjunction)
    {
        var left = Expect(conjunction.Left, Wanted.Bool);
        if (left.Is(false))
        {
            return left with { Known = default };
        }

        Assume(left.Known);
        var right = Expect(conjunction.Right, Wanted.Bool);
        Forget(left.Known);
        return And(left, right);
    }

    private static Typing And(Typing left, Typing right)
    {
        if (left.Type is null || right.Type is null)
        {
            return Typing.Failed(CedarType.Bool);
        }

        var both = left.Is(false) || right.Is(false) ? Typing.Ok(CedarType.False)
            : right.Is(true) ? Typing.Ok(left.Type, left.Known.Union(right.Known))
            : left.Is(true) ? Typing.Ok(right.Type, right.Known)
            : Typing.Ok(CedarType.Bool, left.Known.Union(right.Known));
        return both.If(left.Succeeded && right.Succeeded);
    }

    private Typing CheckOr(Expr.Or disjunction)
    {
        var left = Expect(disjunction.Left, Wanted.Bool);
        if (left.Is(true))
        {
            return left;
        }

        var right = Expect(disjunction.Right, Wanted.Bool);
        if (left.Type is null || right.Type is null)
        {
            return Typing.Failed(CedarType.Bool);
        }

        var either = right.Is(true) ? Typing.Ok(CedarType.True, right.Known)
            : right.Is(false) ? Typing.Ok(left.Type, left.Known)
            : left.Is(false) ? Typing.Ok(right.Type, right.Known)
            : Typing.Ok(CedarType.Bool, left.Known.Intersect(right.Known));
        return either.If(left.Succeeded && right.Succeeded);
    }

    private Typing CheckUnary(Expr.Unary unary) => unary.Operator switch
    {
        UnaryOperator.Not => Not(Expect(unary.Operand, Wanted.Bool)),
        UnaryOperator.Negate => Typing.Ok(CedarType.Long).If(Expect(unary.Operand, Wanted.Long).Succeeded),
        _ => Typing.Ok(CedarType.Bool).If(Expect(unary.Operand, Wanted.Set, EmptyHelp).Succeeded),
    };

    private static Typing Not(Typing operand)
        => Typing.Ok(operand.Is(true) ? CedarType.False : operand.Is(false) ? CedarType.True : CedarType.Bool).If(operand.Succeeded);

    private Typing CheckSet(Expr.Set set)
    {
        CedarType? joined = CedarType.Never;
        var succeeded = true;
        foreach (var element in set.Elements)
        {
            var typing = Check(element);
            succeeded &= typing.Succeeded;
            if (joined is null || typing.Type is null)
            {
                joined = null;
                continue;
            }

            var before = joined;
            joined = lattice.Join(before, typing.Type, out var conflict);
            if (joined is null)
            {
                succeeded = false;
                ReportConflict(element.Span, "the elements of a set must have one type", before, typing.Type, conflict);
            }
        }

        if (set.Elements.IsEmpty && lattice.IsStrict)
        {
            findings.Report(
                ValidationFindingKind.EmptySetForbidden, set.Span, "the type of an empty set literal is not known",
                "give the set an element, or use `.isEmpty()` to ask whether a set is empty");
            return Typing.Failed(null);
        }

        return joined is null ? Typing.Failed(null) : Typing.Ok(new CedarType.SetType(joined)).If(succeeded);
    }

    private Typing CheckRecord(Expr.Record record)
    {
        var attributes = ImmutableSortedDictionary.CreateBuilder<string, AttributeType>(StringComparer.Ordinal);
        var (succeeded, isWhole) = (true, true);
        foreach (var (name, value) in record.Fields)
        {
            var typing = Check(value);
            succeeded &= typing.Succeeded;
            isWhole &= typing.Type is not null;
            if (typing.Type is not null)
            {
                attributes[name] = new AttributeType(typing.Type, true);
            }
        }

        return isWhole ? Typing.Ok(new CedarType.RecordType(attributes.ToImmutable(), false)).If(succeeded) : Typing.Failed(null);
    }

    private void Assume(CapabilitySet known)
    {
        if (_known.Length < _shapes.CapabilityCount)
        {
            Array.Resize(ref _known, Math.Max(16, 2 * _shapes.CapabilityCount));
        }

        foreach (var capability in known.Items)
        {
            _known[capability]++;
        }
    }

    private void Forget(CapabilitySet known)
    {
        foreach (var capability in known.Items)
        {
            _known[capability]--;
        }
    }

    private bool IsKnown(int capability) => capability < _known.Length && _known[capability] > 0;
}
