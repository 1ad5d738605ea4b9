using System.Collections.Immutable;
using System.Text;
using AgentGate.Cedar.Syntax;

namespace AgentGate.Cedar.Schema;

/// <summary>Writes declarations in the Cedar schema syntax. What reads it back means the same.</summary>
internal sealed class SchemaTextWriter
{
    private readonly StringBuilder _text = new();
    private readonly SchemaSyntax _schema;
    private readonly HashSet<string> _declared = new(StringComparer.Ordinal);
    private string _indent = "";

    private SchemaTextWriter(SchemaSyntax schema)
    {
        _schema = schema;
        foreach (var space in schema.Namespaces)
        {
            _declared.UnionWith(space.CommonTypes.Select(common => common.Name.Text));
            _declared.UnionWith(space.Entities.SelectMany(entity => entity.Names).Select(name => name.Text));
        }
    }

    /// <summary>The schema in Cedar syntax.</summary>
    /// <exception cref="SchemaException">A name stands for an entity type beside a common type of that name; only JSON tells them apart.</exception>
    public static string Write(SchemaSyntax schema)
    {
        var writer = new SchemaTextWriter(schema);
        foreach (var space in schema.Namespaces)
        {
            writer.Write(space);
        }

        return writer._text.ToString();
    }

    private void Write(NamespaceSyntax space)
    {
        CheckAmbiguity(space);
        if (_text.Length > 0)
        {
            _text.Append('\n');
        }

        if (space.Name.Length > 0)
        {
            WriteAnnotations(space.Annotations);
            _text.Append("namespace ").Append(space.Name).Append(" {\n");
            _indent = "  ";
        }

        foreach (var common in space.CommonTypes)
        {
            WriteAnnotations(common.Annotations);
            _text.Append(_indent).Append("type ").Append(common.Name.Text).Append(" = ");
            Write(common.Type);
            _text.Append(";\n");
        }

        foreach (var entity in space.Entities)
        {
            Write(entity);
        }

        foreach (var action in space.Actions)
        {
            Write(action);
        }

        _indent = "";
        if (space.Name.Length > 0)
        {
            _text.Append("}\n");
        }
    }

    /// <summary>A JSON schema can mean the entity type of a name that a common type has too; here the common type would win.</summary>
    private void CheckAmbiguity(NamespaceSyntax space)
    {
        var common = space.CommonTypes.Select(type => type.Name.Text).ToHashSet(StringComparer.Ordinal);
        foreach (var name in space.Entities.SelectMany(entity => entity.Names).Where(name => common.Contains(name.Text)))
        {
            if (_schema.Namespaces.Any(other => References(other).Any(reference => reference.Kind == ReferenceKind.Entity
                && (reference.Name == name.Text || reference.Name == SchemaNames.Qualify(space.Name, name.Text)))))
            {
                throw _schema.Source.Error(name.Span, $"`{name.Text}` is an entity type and a common type, and the Cedar syntax cannot name the entity type", "rename one of them");
            }
        }
    }

    private static IEnumerable<TypeSyntax.Reference> References(NamespaceSyntax space)
    {
        var pending = new Stack<TypeSyntax?>();
        space.CommonTypes.ToList().ForEach(common => pending.Push(common.Type));
        space.Entities.ToList().ForEach(entity => pending.Push(entity.Shape));
        space.Entities.ToList().ForEach(entity => pending.Push(entity.Tags));
        space.Actions.ToList().ForEach(action => pending.Push(action.AppliesTo?.Context));
        while (pending.TryPop(out var type))
        {
            switch (type)
            {
                case TypeSyntax.Reference reference:
                    yield return reference;
                    break;
                case TypeSyntax.Set set:
                    pending.Push(set.Element);
                    break;
                case TypeSyntax.Record record:
                    record.Attributes.ToList().ForEach(attribute => pending.Push(attribute.Type));
                    break;
            }
        }
    }

    private void Write(EntitySyntax entity)
    {
        WriteAnnotations(entity.Annotations);
        _text.Append(_indent).Append("entity ").AppendJoin(", ", entity.Names.Select(name => name.Text));
        if (!entity.EnumIds.IsDefault)
        {
            _text.Append(" enum [").AppendJoin(", ", entity.EnumIds.Select(CedarText.Quote)).Append(']');
        }

        if (!entity.MemberOf.IsEmpty)
        {
            _text.Append(" in [").AppendJoin(", ", entity.MemberOf.Select(parent => parent.Text)).Append(']');
        }

        if (entity.Shape is TypeSyntax.Record { Attributes.Length: > 0 } record)
        {
            _text.Append(' ');
            Write(record);
        }
        else if (entity.Shape is TypeSyntax.Reference reference)
        {
            throw _schema.Source.Error(reference.Span, "the attributes of an entity type are a common type, and the Cedar syntax wants them written out", "use JSON, or write the attributes out");
        }

        if (entity.Tags is not null)
        {
            _text.Append(" tags ");
            Write(entity.Tags);
        }

        _text.Append(";\n");
    }

    private void Write(ActionSyntax action)
    {
        WriteAnnotations(action.Annotations);
        _text.Append(_indent).Append("action ").AppendJoin(", ", action.Names.Select(name => Name(name.Text)));
        if (!action.MemberOf.IsEmpty)
        {
            _text.Append(" in [").AppendJoin(", ", action.MemberOf.Select(parent => parent.Type is null ? Name(parent.Id) : $"{parent.Type}::{CedarText.Quote(parent.Id)}")).Append(']');
        }

        // An action without principals or resources applies to nothing, whatever else is said of it.
        if (action.AppliesTo is { Principals.IsEmpty: false, Resources.IsEmpty: false } appliesTo)
        {
            _text.Append(" appliesTo {\n").Append(_indent).Append("  principal: [").AppendJoin(", ", appliesTo.Principals.Select(type => type.Text))
                .Append("],\n").Append(_indent).Append("  resource: [").AppendJoin(", ", appliesTo.Resources.Select(type => type.Text)).Append(']');
            if (appliesTo.Context is { } context)
            {
                _text.Append(",\n").Append(_indent).Append("  context: ");
                var outer = _indent;
                _indent += "  ";
                Write(context);
                _indent = outer;
            }

            _text.Append('\n').Append(_indent).Append('}');
        }

        _text.Append(";\n");
    }

    private void Write(TypeSyntax type)
    {
        switch (type)
        {
            case TypeSyntax.Primitive primitive:
                _text.Append(BuiltIn(primitive.Type == CedarType.Bool ? "Bool" : primitive.Type == CedarType.Long ? "Long" : "String"));
                break;
            case TypeSyntax.Extension extension:
                _text.Append(BuiltIn(extension.Name));
                break;
            case TypeSyntax.Reference reference:
                _text.Append(reference.Name);
                break;
            case TypeSyntax.Set set:
                _text.Append("Set<");
                Write(set.Element);
                _text.Append('>');
                break;
            case TypeSyntax.Record { Attributes.IsEmpty: true }:
                _text.Append("{}");
                break;
            case TypeSyntax.Record record:
                WriteAttributes(record);
                break;
        }
    }

    private void WriteAttributes(TypeSyntax.Record record)
    {
        var outer = _indent;
        _indent = outer.Length < 40 ? outer + "  " : outer;
        _text.Append("{\n");
        foreach (var attribute in record.Attributes)
        {
            WriteAnnotations(attribute.Annotations);
            _text.Append(_indent).Append(Name(attribute.Name)).Append(attribute.IsRequired ? ": " : "?: ");
            Write(attribute.Type);
            _text.Append(",\n");
        }

        _indent = outer;
        _text.Append(_indent).Append('}');
    }

    private void WriteAnnotations(ImmutableArray<PolicyAnnotation> annotations)
    {
        foreach (var annotation in annotations)
        {
            _text.Append(_indent).Append('@').Append(annotation.Name);
            if (annotation.Value.Length > 0)
            {
                _text.Append('(').Append(CedarText.Quote(annotation.Value)).Append(')');
            }

            _text.Append('\n');
        }
    }

    /// <summary>A built-in type, with its namespace where something declared has its name.</summary>
    private string BuiltIn(string name) => _declared.Contains(name) ? $"{BuiltInTypes.Namespace}::{name}" : name;

    private static string Name(string name) => CedarIdentifier.IsValid(name) ? name : CedarText.Quote(name);
}
