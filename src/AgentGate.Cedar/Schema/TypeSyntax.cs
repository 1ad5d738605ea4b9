using System.Collections.Immutable;
using AgentGate.Cedar.Syntax;

namespace AgentGate.Cedar.Schema;

/// <summary>A type as a schema writes it, before its names are resolved. A closed set.</summary>
internal abstract class TypeSyntax(SourceSpan span)
{
    /// <summary>Where it stands.</summary>
    public SourceSpan Span { get; } = span;

    /// <summary>A primitive type that is named without doubt, as the JSON format can.</summary>
    internal sealed class Primitive(CedarType type, SourceSpan span) : TypeSyntax(span)
    {
        public CedarType Type { get; } = type;
    }

    /// <summary>An extension type that is named without doubt, as the JSON format can.</summary>
    internal sealed class Extension(string name, SourceSpan span) : TypeSyntax(span)
    {
        public string Name { get; } = name;
    }

    /// <summary>A name whose meaning depends on what is declared.</summary>
    internal sealed class Reference(string name, ReferenceKind kind, SourceSpan span) : TypeSyntax(span)
    {
        public string Name { get; } = name;

        public ReferenceKind Kind { get; } = kind;
    }

    /// <summary>A set.</summary>
    internal sealed class Set(TypeSyntax element, SourceSpan span) : TypeSyntax(span)
    {
        public TypeSyntax Element { get; } = element;
    }

    /// <summary>A record.</summary>
    internal sealed class Record(ImmutableArray<AttributeSyntax> attributes, SourceSpan span) : TypeSyntax(span)
    {
        public ImmutableArray<AttributeSyntax> Attributes { get; } = attributes;
    }
}

/// <summary>What a name in a schema may stand for.</summary>
internal enum ReferenceKind
{
    /// <summary>A common type.</summary>
    Common,

    /// <summary>An entity type.</summary>
    Entity,

    /// <summary>A common type, or an entity type where there is no such common type (RFC 24).</summary>
    EntityOrCommon,
}

/// <summary>One attribute of a record or an entity type.</summary>
internal sealed record AttributeSyntax(string Name, TypeSyntax Type, bool IsRequired, ImmutableArray<PolicyAnnotation> Annotations);
