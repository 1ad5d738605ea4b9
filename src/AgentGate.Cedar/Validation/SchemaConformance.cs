using AgentGate.Cedar.Entities;
using AgentGate.Cedar.Schema;
using AgentGate.Cedar.Syntax;

namespace AgentGate.Cedar.Validation;

/// <summary>Whether values and entities are what a schema says. Values are finite and were read with bounded depth, so recursion is bounded.</summary>
internal sealed class SchemaConformance(CedarSchema schema)
{
    /// <summary>The schema.</summary>
    public CedarSchema Schema { get; } = schema;

    /// <summary>What keeps a name from standing for an entity: an id the enumerated type does not have, or an action nobody declares.</summary>
    public CedarDiagnostic? CheckUid(EntityUid uid)
    {
        if (uid.Type.IsAction)
        {
            return Schema.Actions.ContainsKey(uid) ? null : UndeclaredAction(uid);
        }

        if (!Schema.EntityTypes.TryGetValue(uid.Type, out var type) || type.EnumIds is not { } ids || ids.Contains(uid.Id))
        {
            return null;
        }

        return new CedarDiagnostic($"the enumerated entity type `{uid.Type}` has no `{CedarText.Quote(uid.Id)}`")
        {
            Help = $"its ids are {string.Join(", ", ids.Take(10).Select(CedarText.Quote))}{(ids.Count > 10 ? ", ..." : "")}",
        };
    }

    /// <summary>What to say of an action nobody declares.</summary>
    public CedarDiagnostic UndeclaredAction(EntityUid uid)
    {
        var near = NearestName.Find(uid.Id, Schema.Actions.Keys.Where(action => action.Type == uid.Type).Select(action => action.Id));
        return new CedarDiagnostic($"the schema does not declare the action `{uid}`")
        {
            Help = near is null ? "declare it, or use one that is declared" : $"did you mean `{new EntityUid(uid.Type, near)}`?",
        };
    }

    /// <summary>What to say of an entity type nobody declares.</summary>
    public CedarDiagnostic UndeclaredType(EntityTypeName type)
    {
        var near = NearestName.Find(type.Text, Schema.EntityTypes.Keys.Select(known => known.Text));
        return new CedarDiagnostic($"the schema does not declare the entity type `{type}`")
        {
            Help = near is null ? "declare it, or use one that is declared" : $"did you mean `{near}`?",
        };
    }

    /// <summary>The first thing that keeps a value from being of a type, with its path; <see langword="null"/> when nothing does.</summary>
    public CedarDiagnostic? CheckValue(CedarValue value, CedarType type, string path)
    {
        switch (type, value)
        {
            case (CedarType.BoolType boolean, CedarBool actual) when boolean.Known is not { } known || known == actual.Value:
            case (CedarType.LongType, CedarLong):
            case (CedarType.StringType, CedarString):
            case (CedarType.ExtensionType extension, _) when extension.Kind == value.Kind:
                return null;
            case (CedarType.EntityType entity, EntityUid uid) when entity.Types.Contains(uid.Type):
            case (CedarType.AnyEntityType, EntityUid):
                return CheckUid((EntityUid)value) is { } problem ? problem with { Path = path } : null;
            case (CedarType.SetType { Element: null }, CedarSet):
                return null;
            case (CedarType.SetType { Element: { } element }, CedarSet set):
                foreach (var item in set.Elements)
                {
                    if (CheckValue(item, element, $"{path}[]") is { } wrong)
                    {
                        return wrong;
                    }
                }

                return null;
            case (CedarType.RecordType record, CedarRecord fields):
                return CheckRecord(fields, record, path);
            default:
                return new CedarDiagnostic($"{Describe(value)} stands where the schema wants {type}") { Path = path, Help = "change the value, or the schema" };
        }
    }

    /// <summary>The first thing that keeps a record from having the attributes it must and may have.</summary>
    public CedarDiagnostic? CheckRecord(CedarRecord fields, CedarType.RecordType record, string path)
    {
        foreach (var (name, attribute) in record.Attributes)
        {
            if (attribute.IsRequired && !fields.ContainsKey(name))
            {
                return new CedarDiagnostic($"the attribute `{CedarText.Show(name)}` is missing") { Path = path, Help = $"add it, or declare it as `{CedarText.Show(name)}?`" };
            }
        }

        foreach (var (name, value) in fields)
        {
            var inner = $"{path}.{CedarText.Show(name)}";
            if (record.Attributes.TryGetValue(name, out var attribute))
            {
                if (CheckValue(value, attribute.Type, inner) is { } wrong)
                {
                    return wrong;
                }
            }
            else if (!record.IsOpen)
            {
                return Undeclared(name, record) with { Path = inner };
            }
        }

        return null;
    }

    /// <summary>What to say of an attribute nobody declares.</summary>
    public static CedarDiagnostic Undeclared(string name, CedarType.RecordType record)
    {
        var near = NearestName.Find(name, record.Attributes.Keys);
        return new CedarDiagnostic($"the schema does not declare the attribute `{CedarText.Show(name)}` here")
        {
            Help = near is null ? "declare it, or remove it" : $"did you mean `{CedarText.Show(near)}`?",
        };
    }

    /// <summary>What a value is, in words that do not repeat it: it may be long, and it may be secret.</summary>
    public static string Describe(CedarValue value) => value switch
    {
        EntityUid uid => $"an entity of type `{uid.Type}`",
        _ => $"a value of type {value.Kind.ToCedarName()}",
    };
}
