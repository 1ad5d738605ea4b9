using System.Collections.Immutable;
using AgentGate.Cedar.Syntax;

namespace AgentGate.Cedar.Schema;

/// <summary>A schema as it was written, in either format, before its names are resolved.</summary>
/// <param name="Source">The text, for messages.</param>
/// <param name="Namespaces">The namespaces; the declarations outside of any stand under the empty name.</param>
internal sealed record SchemaSyntax(SchemaText Source, ImmutableArray<NamespaceSyntax> Namespaces);

/// <summary>A namespace and what it declares.</summary>
internal sealed record NamespaceSyntax(string Name, SourceSpan Span)
{
    public ImmutableArray<PolicyAnnotation> Annotations { get; init; } = [];

    public ImmutableArray<CommonTypeSyntax> CommonTypes { get; init; } = [];

    public ImmutableArray<EntitySyntax> Entities { get; init; } = [];

    public ImmutableArray<ActionSyntax> Actions { get; init; } = [];
}

/// <summary>A name with its place. A path of identifiers is joined by <c>::</c>.</summary>
internal sealed record NameSyntax(string Text, SourceSpan Span);

/// <summary>A common type.</summary>
internal sealed record CommonTypeSyntax(NameSyntax Name, TypeSyntax Type)
{
    public ImmutableArray<PolicyAnnotation> Annotations { get; init; } = [];
}

/// <summary>One or more entity types with one definition.</summary>
internal sealed record EntitySyntax(ImmutableArray<NameSyntax> Names)
{
    public ImmutableArray<PolicyAnnotation> Annotations { get; init; } = [];

    public ImmutableArray<NameSyntax> MemberOf { get; init; } = [];

    /// <summary>The attributes; <see langword="null"/> when there are none.</summary>
    public TypeSyntax? Shape { get; init; }

    public TypeSyntax? Tags { get; init; }

    /// <summary>The ids of an enumerated type; default for any other.</summary>
    public ImmutableArray<string> EnumIds { get; init; }
}

/// <summary>One or more actions with one definition.</summary>
internal sealed record ActionSyntax(ImmutableArray<NameSyntax> Names)
{
    public ImmutableArray<PolicyAnnotation> Annotations { get; init; } = [];

    public ImmutableArray<ActionReference> MemberOf { get; init; } = [];

    /// <summary>What it applies to; <see langword="null"/> when it applies to nothing.</summary>
    public AppliesToSyntax? AppliesTo { get; init; }
}

/// <summary>An action named by another; without a type the type is <c>Action</c>.</summary>
internal sealed record ActionReference(string? Type, string Id, SourceSpan Span);

/// <summary>What an action applies to.</summary>
internal sealed record AppliesToSyntax(ImmutableArray<NameSyntax> Principals, ImmutableArray<NameSyntax> Resources, TypeSyntax? Context);
