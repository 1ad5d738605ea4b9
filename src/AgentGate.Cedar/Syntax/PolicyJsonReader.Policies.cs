using System.Collections.Immutable;
using System.Text.Json;
using AgentGate.Cedar.Entities;

namespace AgentGate.Cedar.Syntax;

/// <content>Policy sets, policies and scopes.</content>
internal sealed partial class PolicyJsonReader
{
    private const string EntityHelp = "an entity is {\"type\": …, \"id\": …}, also inside {\"__entity\": …}";

    /// <summary>Reads a policy set.</summary>
    public PolicySet PolicySetOf(JsonElement element)
    {
        Keys(element, "staticPolicies", "templates", "templateLinks");
        var policies = At("staticPolicies", element.GetProperty("staticPolicies"), each => Members(each, isTemplate: false));
        var templates = At("templates", element.GetProperty("templates"), each => Members(each, isTemplate: true));
        try
        {
            var set = PolicySet.Empty.AddRange(policies).AddRange(templates);
            foreach (var link in At("templateLinks", element.GetProperty("templateLinks"), links => Items(links, Link)))
            {
                set = set.Link(link);
            }

            return set;
        }
        catch (ArgumentException exception)
        {
            var end = exception.Message.IndexOf(" (Parameter", StringComparison.Ordinal);
            throw Error(end < 0 ? exception.Message : exception.Message[..end]);
        }
    }

    /// <summary>Reads one policy or template.</summary>
    public Policy PolicyOf(string id, JsonElement element)
    {
        Keys(element, "effect", "principal", "action", "resource", "conditions", "annotations?");
        return new Policy
        {
            Id = id,
            Effect = At("effect", element.GetProperty("effect"), Effect),
            Principal = At("principal", element.GetProperty("principal"), each => Constraint(each, "?principal")),
            Action = At("action", element.GetProperty("action"), ActionConstraintOf),
            Resource = At("resource", element.GetProperty("resource"), each => Constraint(each, "?resource")),
            Conditions = At("conditions", element.GetProperty("conditions"), each => Items(each, Condition)),
            Annotations = TryGet(element, "annotations", out var annotations) ? At("annotations", annotations.Value, Annotations) : [],
        };
    }

    private List<Policy> Members(JsonElement element, bool isTemplate)
    {
        Require(element, JsonValueKind.Object, "an object of policies");
        var policies = new List<Policy>();
        foreach (var member in element.EnumerateObject())
        {
            policies.Add(At(member.Name, member.Value, each =>
            {
                var policy = PolicyOf(member.Name, each);
                return policy.IsTemplate == isTemplate
                    ? policy
                    : throw Error(isTemplate ? "the template has no slot" : "a static policy has no slots", isTemplate ? "put it under `staticPolicies`" : "put it under `templates`");
            }));
        }

        return policies;
    }

    private TemplateLink Link(JsonElement element)
    {
        Keys(element, "templateId", "newId", "values");
        var values = element.GetProperty("values");
        return At("values", values, each =>
        {
            Keys(each, "?principal?", "?resource?");
            return new TemplateLink(
                Text(element.GetProperty("templateId")),
                Text(element.GetProperty("newId")),
                TryGet(each, "?principal", out var principal) ? At("?principal", principal.Value, Entity) : null,
                TryGet(each, "?resource", out var resource) ? At("?resource", resource.Value, Entity) : null);
        });
    }

    private PolicyEffect Effect(JsonElement element) => Text(element) switch
    {
        "permit" => PolicyEffect.Permit,
        "forbid" => PolicyEffect.Forbid,
        var other => throw Error($"expected `permit` or `forbid`, found `{other}`"),
    };

    private ImmutableArray<PolicyAnnotation> Annotations(JsonElement element)
    {
        Require(element, JsonValueKind.Object, "an object of annotations");
        var annotations = ImmutableArray.CreateBuilder<PolicyAnnotation>();
        foreach (var member in element.EnumerateObject())
        {
            if (!CedarIdentifier.HasShape(member.Name))
            {
                throw Error($"`{member.Name}` cannot name an annotation", "a name is letters, digits and underscores, and no digit first");
            }

            annotations.Add(new PolicyAnnotation(member.Name, member.Value.ValueKind == JsonValueKind.Null ? "" : At(member.Name, member.Value, Text)));
        }

        return annotations.ToImmutable();
    }

    private PolicyCondition Condition(JsonElement element)
    {
        Keys(element, "kind", "body");
        var isUnless = Text(element.GetProperty("kind")) switch
        {
            "when" => false,
            "unless" => true,
            var other => throw Error($"expected `when` or `unless`, found `{other}`"),
        };
        return new PolicyCondition(isUnless, At("body", element.GetProperty("body"), Expression));
    }

    private string Operator(JsonElement element)
    {
        Require(element, JsonValueKind.Object, "an object");
        return TryGet(element, "op", out var op) ? Text(op.Value) : throw Error("the key `op` is missing");
    }

    private ScopeConstraint Constraint(JsonElement element, string slot)
    {
        switch (Operator(element))
        {
            case "All" or "all":
                Keys(element, "op");
                return ScopeConstraint.Any.Instance;
            case "==":
                Keys(element, "op", "entity?", "slot?");
                return new ScopeConstraint.Equal(EntityOrSlot(element, slot));
            case "in":
                Keys(element, "op", "entity?", "slot?");
                return new ScopeConstraint.In(EntityOrSlot(element, slot));
            case "is":
                Keys(element, "op", "entity_type", "in?");
                var type = At("entity_type", element.GetProperty("entity_type"), TypeName);
                return TryGet(element, "in", out var within)
                    ? At<ScopeConstraint>("in", within.Value, each =>
                    {
                        Keys(each, "entity?", "slot?");
                        return new ScopeConstraint.IsIn(type, EntityOrSlot(each, slot));
                    })
                    : new ScopeConstraint.Is(type);
            case var other:
                throw Error($"`{other}` is not allowed in the scope", "use `All`, `==`, `in` or `is`");
        }
    }

    /// <summary>The entity; <see langword="null"/> for the slot.</summary>
    private EntityUid? EntityOrSlot(JsonElement element, string slot)
    {
        var hasEntity = TryGet(element, "entity", out var entity);
        if (hasEntity == TryGet(element, "slot", out var found))
        {
            throw Error("expected either `entity` or `slot`");
        }

        return hasEntity ? At("entity", entity!.Value, Entity)
            : Text(found!.Value) == slot ? null
            : throw Error($"expected the slot `{slot}`, found `{Text(found.Value)}`");
    }

    private ActionConstraint ActionConstraintOf(JsonElement element)
    {
        switch (Operator(element))
        {
            case "All" or "all":
                Keys(element, "op");
                return ActionConstraint.Any.Instance;
            case "==":
                Keys(element, "op", "entity");
                return new ActionConstraint.Equal(At("entity", element.GetProperty("entity"), ActionEntity));
            case "in" when TryGet(element, "entities", out var entities):
                Keys(element, "op", "entities");
                return new ActionConstraint.In(At("entities", entities.Value, each => Items(each, ActionEntity)), IsList: true);
            case "in":
                Keys(element, "op", "entity");
                return new ActionConstraint.In([At("entity", element.GetProperty("entity"), ActionEntity)], IsList: false);
            case var other:
                throw Error($"`{other}` is not allowed for the action", "use `All`, `==` or `in`");
        }
    }

    private EntityUid ActionEntity(JsonElement element)
    {
        var entity = Entity(element);
        return entity.Type.IsAction ? entity : throw Error($"`{entity}` is not an action", "the type of an action ends in `Action`");
    }

    private EntityUid Entity(JsonElement element)
    {
        Require(element, JsonValueKind.Object, "an entity");
        if (TryGet(element, "__entity", out var escape))
        {
            Keys(element, "__entity");
            return At("__entity", escape.Value, TypeAndId);
        }

        if (TryGet(element, "__expr", out _))
        {
            throw Error("the escape `__expr` is no longer part of Cedar", EntityHelp);
        }

        return TypeAndId(element);
    }

    private EntityUid TypeAndId(JsonElement element)
    {
        Keys(element, "type", "id");
        return new EntityUid(At("type", element.GetProperty("type"), TypeName), At("id", element.GetProperty("id"), Text));
    }

    private EntityTypeName TypeName(JsonElement element)
    {
        var text = Text(element);
        return EntityTypeName.TryParse(text, out var type) ? type : throw Error($"`{text}` is not an entity type", "a type is identifiers joined by `::`, without spaces");
    }
}
