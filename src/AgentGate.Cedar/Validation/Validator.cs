using System.Collections.Immutable;
using AgentGate.Cedar.Schema;
using AgentGate.Cedar.Syntax;

namespace AgentGate.Cedar.Validation;

/// <summary>Checks policies against a schema: a valid policy raises no type error on any request and entities that conform. Thread-safe.</summary>
/// <param name="schema">The schema.</param>
public sealed class Validator(CedarSchema schema)
{
    private readonly SchemaIndex _index = new(schema);

    /// <summary>Every kind of request the schema allows, in the order of the actions' names.</summary>
    public ImmutableArray<RequestEnvironment> Environments => _index.Environments;

    /// <summary>Checks every policy and template of a set, and what fills the slots of linked policies.</summary>
    public ValidationResult Validate(PolicySet policies, ValidationMode mode = ValidationMode.Strict)
    {
        ArgumentNullException.ThrowIfNull(policies);
        var errors = ImmutableArray.CreateBuilder<ValidationFinding>();
        var warnings = ImmutableArray.CreateBuilder<ValidationFinding>();
        foreach (var template in policies.Templates)
        {
            new PolicyValidation(_index, template, mode).Run(errors, warnings);
        }

        foreach (var policy in policies.Policies)
        {
            if (policy.TemplateId is { } id && policies.TryGet(id, out var template) && template.IsTemplate)
            {
                ValidateLink(policy, template, mode, errors, warnings);
            }
            else
            {
                new PolicyValidation(_index, policy, mode).Run(errors, warnings);
            }
        }

        return new ValidationResult(errors.ToImmutable(), warnings.ToImmutable());
    }

    /// <summary>The types of a policy's expressions in one environment, for analyses that need them.</summary>
    /// <param name="policy">A policy or template.</param>
    /// <param name="environment">One of <see cref="Environments"/>.</param>
    /// <param name="mode">How much is insisted on.</param>
    public TypedPolicy Infer(Policy policy, RequestEnvironment environment, ValidationMode mode = ValidationMode.Strict)
    {
        ArgumentNullException.ThrowIfNull(policy);
        ArgumentNullException.ThrowIfNull(environment);
        return new PolicyValidation(_index, policy, mode).Infer(environment);
    }

    /// <summary>The template is checked for every entity that may fill it; of a link only the entities themselves are left.</summary>
    private void ValidateLink(
        Policy policy, Policy template, ValidationMode mode, ImmutableArray<ValidationFinding>.Builder errors,
        ImmutableArray<ValidationFinding>.Builder warnings)
    {
        var (findings, notes, scope) = (new FindingList(policy), new FindingList(policy), new ScopeChecks(_index, policy));
        Check(template.Principal, policy.Principal);
        Check(template.Resource, policy.Resource);
        errors.AddRange(findings.ToFindings(0));
        scope.CheckApplication(mode, findings.HasErrors, errors, notes);
        warnings.AddRange(notes.ToFindings(0));

        void Check(ScopeConstraint slot, ScopeConstraint filled)
        {
            var entity = filled switch
            {
                ScopeConstraint.Equal equal => equal.Entity,
                ScopeConstraint.In within => within.Entity,
                ScopeConstraint.IsIn test => test.Entity,
                _ => null,
            };
            if (slot.HasSlot && entity is not null)
            {
                scope.CheckType(entity.Type, policy.Span, findings);
            }
        }
    }
}
