using AgentGate.Cedar.Schema;
using AgentGate.Cedar.Syntax;

namespace AgentGate.Cedar.Validation;

/// <content>Attributes: <c>e.name</c> and <c>e has name</c>.</content>
internal sealed partial class Typechecker
{
    private Typing CheckGet(Expr.GetAttribute get)
    {
        var target = Expect(get.Target, Wanted.Entity | Wanted.Record);
        if (target.Type is null)
        {
            return Typing.Failed(null);
        }

        // An attribute that is always there needs no number for what is known of it.
        var found = Find(target.Type, get.Attribute);
        return found is { IsRequired: true }
            ? Typing.Ok(found.Type).If(target.Succeeded)
            : Get(get, Describe(get.Target, target.Type), target.Type, _shapes.Of(get.Target), get.Attribute, found).If(target.Succeeded);
    }

    private Typing Get(Expr at, string described, CedarType target, int targetShape, string attribute, AttributeType? found)
    {
        if (found is null)
        {
            findings.Report(
                ValidationFindingKind.UnsafeAttributeAccess, at.Span, $"{described} has no attribute `{attribute}`", AttributeHelp(target, attribute));
            return Typing.Failed(null);
        }

        if (found.IsRequired || IsKnown(_shapes.Attribute(targetShape, attribute)))
        {
            return Typing.Ok(found.Type);
        }

        findings.Report(
            ValidationFindingKind.UnsafeOptionalAccess, at.Span, $"the attribute `{attribute}` of {described} is optional and may be missing",
            $"test for it first: `{Text(at, attribute)} && …`");
        return Typing.Failed(found.Type);
    }

    /// <summary><c>e has a.b.c</c> is <c>e has a &amp;&amp; e.a has b &amp;&amp; e.a.b has c</c>; <c>e</c> is looked at once.</summary>
    private Typing CheckHas(Expr.HasAttribute has)
    {
        var target = Expect(has.Target, Wanted.Entity | Wanted.Record, HasHelp);
        if (target.Type is null)
        {
            return Typing.Failed(CedarType.Bool);
        }

        var (type, shape) = (target.Type, _shapes.Of(has.Target));
        var all = Has(type, shape, has.Path[0]);
        if (!target.Succeeded)
        {
            // What is wrong was said of the target; only that the answer may be known is worth keeping.
            return Typing.Failed(has.Path.Length == 1 || all.Is(false) ? all.Type : CedarType.Bool);
        }

        for (var i = 1; i < has.Path.Length && !all.Is(false); i++)
        {
            Assume(all.Known);
            var step = Get(has, Describe(has, type), type, shape, has.Path[i - 1], Find(type, has.Path[i - 1]));
            shape = _shapes.GetAttribute(shape, has.Path[i - 1]);
            if (!step.Succeeded || step.Type is null || !Takes(Wanted.Entity | Wanted.Record, step.Type))
            {
                if (step.Succeeded && step.Type is not null)
                {
                    findings.Report(
                        ValidationFindingKind.UnexpectedType, has.Span,
                        $"`has` asks for `{has.Path[i]}` in `{has.Path[i - 1]}`, which is `{step.Type}` and not an entity or a record", HasHelp(step.Type));
                }

                Forget(all.Known);
                return Typing.Failed(CedarType.Bool);
            }

            type = step.Type;
            var next = Has(type, shape, has.Path[i]);
            Forget(all.Known);
            all = And(all, next);
        }

        return all;
    }

    private Typing Has(CedarType target, int targetShape, string attribute)
    {
        if (Find(target, attribute) is not { } found)
        {
            return Typing.Ok(MayHave(target, attribute) ? CedarType.Bool : CedarType.False);
        }

        // An entity of the type may be missing altogether; `has` is then false even for what the type requires.
        var capability = _shapes.Attribute(targetShape, attribute);
        var isThere = IsKnown(capability) || (found.IsRequired && target is CedarType.RecordType);
        return Typing.Ok(isThere ? CedarType.True : CedarType.Bool, CapabilitySet.Of(capability));
    }

    /// <summary>The attribute of a type; <see langword="null"/> when it has none, or when nothing exact can be said.</summary>
    private AttributeType? Find(CedarType target, string attribute)
    {
        switch (target)
        {
            case CedarType.RecordType record:
                return record.Attributes.GetValueOrDefault(attribute);
            case CedarType.EntityType { Types: [var only] }:
                return schema.Find(only)?.Attributes.Attributes.GetValueOrDefault(attribute);
            case CedarType.EntityType several:
                AttributeType? all = null;
                foreach (var name in several.Types)
                {
                    if (schema.Find(name)?.Attributes.Attributes.GetValueOrDefault(attribute) is not { } own
                        || (all = all is null ? own : lattice.Join(all, own, out _)) is null)
                    {
                        return null;
                    }
                }

                return all;
            default:
                return null;
        }
    }

    private bool MayHave(CedarType target, string attribute) => target switch
    {
        CedarType.NeverType or CedarType.AnyEntityType => true,
        CedarType.RecordType record => record.IsOpen || record.Attributes.ContainsKey(attribute),
        CedarType.EntityType entity => entity.Types.Any(name => schema.Find(name) is { } definition
            ? definition.Attributes.IsOpen || definition.Attributes.Attributes.ContainsKey(attribute)
            : !name.IsAction),
        _ => false,
    };

    private string Describe(Expr expression, CedarType type) => expression is Expr.Variable { Name: RequestVariable.Context }
        ? $"the context of `{_environment.Action}`"
        : type is CedarType.RecordType ? "the record" : $"the entity type `{type}`";

    private string? AttributeHelp(CedarType target, string attribute)
    {
        if (MayHave(target, attribute))
        {
            return "only some of the types this may have know the attribute; test the type with `is` first";
        }

        IEnumerable<string> names = target switch
        {
            CedarType.RecordType record => record.Attributes.Keys,
            CedarType.EntityType { Types: [var only] } => schema.Find(only)?.Attributes.Attributes.Keys ?? [],
            _ => [],
        };
        return NameSuggestion.For(attribute, names);
    }

    /// <summary>The test that makes an access safe, in the words of the policy where the target is simple enough to repeat.</summary>
    private static string Text(Expr at, string attribute)
    {
        var name = CedarIdentifier.IsValid(attribute) ? attribute : CedarText.Quote(attribute);
        return at is Expr.GetAttribute get && PathOf(get.Target, 0) is { } path ? $"{path} has {name}" : $"… has {name}";
    }

    private static string? PathOf(Expr expression, int depth) => expression switch
    {
        Expr.Variable variable => NameOf(variable.Name),
        Expr.GetAttribute get when depth < 8 && CedarIdentifier.IsValid(get.Attribute) && PathOf(get.Target, depth + 1) is { } path => $"{path}.{get.Attribute}",
        _ => null,
    };

    private static string NameOf(RequestVariable variable) => variable switch
    {
        RequestVariable.Principal => "principal",
        RequestVariable.Action => "action",
        RequestVariable.Resource => "resource",
        _ => "context",
    };
}
