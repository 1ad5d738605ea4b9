using System.Collections.Immutable;
using AgentGate.Cedar.Entities;
using AgentGate.Cedar.Schema;
using AgentGate.Cedar.Syntax;

namespace AgentGate.Cedar.Validation;

/// <summary>Validates one policy or template. Not thread-safe; one per policy.</summary>
internal sealed class PolicyValidation
{
    private readonly SchemaIndex _schema;
    private readonly Policy _policy;
    private readonly ValidationMode _mode;
    private readonly FindingList _findings;
    private readonly Typechecker _typechecker;
    private readonly PolicyContents _contents;
    private readonly Dictionary<(EntityTypeName?, EntityUid?, EntityTypeName?, CedarType?), bool> _seen = [];

    public PolicyValidation(SchemaIndex schema, Policy policy, ValidationMode mode)
    {
        _schema = schema;
        _policy = policy;
        _mode = mode;
        _findings = new FindingList(policy);
        _typechecker = new Typechecker(schema, new TypeLattice(mode == ValidationMode.Strict), _findings);
        _contents = PolicyContents.Of(policy);
    }

    public void Run(ImmutableArray<ValidationFinding>.Builder errors, ImmutableArray<ValidationFinding>.Builder warnings)
    {
        var scope = new ScopeChecks(_schema, _policy);
        scope.CheckNames(_contents, _findings);
        var isImpossible = CheckEnvironments();
        errors.AddRange(_findings.ToFindings(_seen.Count));
        var notes = new FindingList(_policy);
        scope.CheckApplication(_mode, _findings.HasErrors, errors, notes);
        if (isImpossible)
        {
            notes.Report(
                ValidationFindingKind.ImpossiblePolicy, _policy.Span, "the policy applies to no request: its scope and conditions are always false together",
                "compare the scope and the conditions with the schema, or remove the policy");
        }

        ConfusableText.Check(_contents, notes);
        warnings.AddRange(notes.ToFindings(0));
    }

    /// <summary>Infers the types in one environment and keeps them.</summary>
    public TypedPolicy Infer(RequestEnvironment environment)
    {
        var types = new Dictionary<Expr, CedarType>(ReferenceEqualityComparer.Instance);
        var isFalse = Decide(environment) is false;
        var typing = isFalse ? Typing.Ok(CedarType.False) : _typechecker.CheckConditions(_policy, environment, types);
        return new TypedPolicy(environment, types, isFalse || typing.Is(false), _findings.ToFindings(0));
    }

    private bool CheckEnvironments()
    {
        var isImpossible = true;
        foreach (var action in _schema.Actions)
        {
            var (decided, mayFail) = DecideAction(action.Uid);
            if (decided is false && !mayFail)
            {
                continue;
            }

            foreach (var principal in action.PrincipalTypes)
            {
                if (ScopeChecks.Decide(_schema, _policy.Principal, principal) is false || action.ResourceTypes.IsEmpty)
                {
                    continue;
                }

                CheckActionList();
                if (decided is false)
                {
                    continue;
                }

                var isChecked = false;
                foreach (var resource in action.ResourceTypes)
                {
                    if (ScopeChecks.Decide(_schema, _policy.Resource, resource) is false)
                    {
                        continue;
                    }

                    isImpossible &= CheckEnvironment(action, principal, resource);
                    isChecked = true;
                    if (!_contents.Variables.Contains(RequestVariable.Resource))
                    {
                        break;
                    }
                }

                // What the conditions do not look at cannot change their types: one principal stands for all.
                if (isChecked && !_contents.Variables.Contains(RequestVariable.Principal))
                {
                    break;
                }
            }
        }

        return isImpossible;
    }

    /// <summary>Checks the conditions, unless an environment that looks the same to them was checked before. True when they are always false.</summary>
    private bool CheckEnvironment(ActionDefinition action, EntityTypeName principal, EntityTypeName resource)
    {
        var key = (
            _contents.Variables.Contains(RequestVariable.Principal) ? principal : null,
            _contents.Variables.Contains(RequestVariable.Action) ? action.Uid : null,
            _contents.Variables.Contains(RequestVariable.Resource) ? resource : null,
            _contents.Variables.Contains(RequestVariable.Context) ? (CedarType)action.Context : null);
        if (!_seen.TryGetValue(key, out var isFalse))
        {
            var environment = new RequestEnvironment(principal, action.Uid, resource, action.Context);
            _findings.Place = () => $"the principal is `{environment.Principal}`, the action `{environment.Action}` and the resource `{environment.Resource}`";
            isFalse = _typechecker.CheckConditions(_policy, environment).Is(false);
            _findings.Place = null;
            _seen.Add(key, isFalse);
        }

        return isFalse;
    }

    private bool? Decide(RequestEnvironment environment)
        => ScopeChecks.Decide(_schema, _policy.Principal, environment.Principal) is false
            || DecideAction(environment.Action).Decided is false
            || ScopeChecks.Decide(_schema, _policy.Resource, environment.Resource) is false
            ? false
            : null;

    /// <summary>What the scope says of an action; and whether the list of actions is itself at fault.</summary>
    private (bool? Decided, bool ListIsWrong) DecideAction(EntityUid action) => _policy.Action switch
    {
        ActionConstraint.Equal equal => (equal.Action.Equals(action), false),
        ActionConstraint.In within when IsListWrong(within) => (null, true),
        ActionConstraint.In within => (_schema.IsActionIn(action, within.Actions.Where(static group => group.Type.IsAction)), false),
        _ => (true, false),
    };

    /// <summary>Strict validation wants elements of one type in every set, and at least one, in the scope too.</summary>
    private bool IsListWrong(ActionConstraint.In within)
        => _mode == ValidationMode.Strict && (within.Actions.IsEmpty || within.Actions.Any(action => action.Type != within.Actions[0].Type));

    private void CheckActionList()
    {
        if (_policy.Action is ActionConstraint.In within && IsListWrong(within))
        {
            _findings.Report(
                within.Actions.IsEmpty ? ValidationFindingKind.EmptySetForbidden : ValidationFindingKind.IncompatibleTypes, _policy.Span,
                within.Actions.IsEmpty ? "the scope allows no action: the list is empty" : "the actions of one list must be of one type, in one namespace",
                within.Actions.IsEmpty ? "name an action" : "write one policy per namespace");
        }
    }
}
