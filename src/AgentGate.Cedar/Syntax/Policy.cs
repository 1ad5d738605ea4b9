using System.Collections.Immutable;
using AgentGate.Cedar.Entities;

namespace AgentGate.Cedar.Syntax;

/// <summary>One policy, or one template. Immutable.</summary>
public sealed class Policy
{
    /// <summary>The id, unique in its set.</summary>
    /// <exception cref="ArgumentException">It is not Unicode: two such ids could be written, and hashed, alike.</exception>
    public required string Id
    {
        get;
        init
        {
            CedarText.Check(value);
            field = value;
        }
    }

    /// <summary>Whether it permits or forbids.</summary>
    public required PolicyEffect Effect { get; init; }

    /// <summary>The annotations in the order written; names are distinct.</summary>
    public ImmutableArray<PolicyAnnotation> Annotations { get; init; } = [];

    /// <summary>The principal's scope.</summary>
    public ScopeConstraint Principal { get; init; } = ScopeConstraint.Any.Instance;

    /// <summary>The action's scope.</summary>
    public ActionConstraint Action { get; init; } = ActionConstraint.Any.Instance;

    /// <summary>The resource's scope.</summary>
    public ScopeConstraint Resource { get; init; } = ScopeConstraint.Any.Instance;

    /// <summary>The <c>when</c> and <c>unless</c> clauses in the order written; all must hold.</summary>
    public ImmutableArray<PolicyCondition> Conditions { get; init; } = [];

    /// <summary>The template this was linked from, or <see langword="null"/>.</summary>
    public string? TemplateId { get; init; }

    /// <summary>Where it stands in the text.</summary>
    public SourceSpan Span { get; init; } = SourceSpan.None;

    /// <summary>The text it was read from, for diagnostics; <see langword="null"/> when it was built or read from JSON.</summary>
    public string? Source { get; init; }

    /// <summary>Whether a slot waits to be filled: such a policy is a template and decides nothing by itself.</summary>
    public bool IsTemplate => Principal.HasSlot || Resource.HasSlot;

    /// <summary>The value of an annotation, or <see langword="null"/>.</summary>
    public string? Annotation(string name) => Annotations.FirstOrDefault(annotation => annotation.Name == name)?.Value;

    /// <summary>The same policy under another id.</summary>
    public Policy WithId(string id) => Copy(id, Principal, Resource, TemplateId);

    /// <summary>This template with its slots filled: a policy that decides.</summary>
    /// <exception cref="ArgumentException">A slot has no value, or a value has no slot.</exception>
    public Policy Link(string id, EntityUid? principal, EntityUid? resource)
    {
        Check(Principal.HasSlot, principal, "?principal");
        Check(Resource.HasSlot, resource, "?resource");
        return Copy(
            id, principal is null ? Principal : Principal.Fill(principal), resource is null ? Resource : Resource.Fill(resource), Id);

        void Check(bool hasSlot, EntityUid? value, string slot)
        {
            if (hasSlot == value is null)
            {
                throw new ArgumentException(hasSlot ? $"the slot `{slot}` of template `{Id}` has no value" : $"template `{Id}` has no slot `{slot}`");
            }
        }
    }

    private Policy Copy(string id, ScopeConstraint principal, ScopeConstraint resource, string? templateId) => new()
    {
        Id = id,
        Effect = Effect,
        Annotations = Annotations,
        Principal = principal,
        Action = Action,
        Resource = resource,
        Conditions = Conditions,
        TemplateId = templateId,
        Span = Span,
        Source = Source,
    };
}
