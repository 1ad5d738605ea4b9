using System.Diagnostics.CodeAnalysis;
using AgentGate.Cedar.Syntax;

namespace AgentGate.Cedar.Entities;

/// <summary>The name of an entity type: identifiers joined by <c>::</c>, for example <c>Shop::User</c>. Immutable, thread-safe.</summary>
public sealed class EntityTypeName : IEquatable<EntityTypeName>, IComparable<EntityTypeName>
{
    private readonly int _hash;

    private EntityTypeName(string text)
    {
        Text = text;
        _hash = text.GetHashCode(StringComparison.Ordinal);
    }

    /// <summary>The whole name.</summary>
    public string Text { get; }

    /// <summary>What stands before the last <c>::</c>; empty for a name without namespace.</summary>
    public string Namespace => Text.LastIndexOf("::", StringComparison.Ordinal) is var at and >= 0 ? Text[..at] : "";

    /// <summary>What stands after the last <c>::</c>.</summary>
    public string BaseName => Text.LastIndexOf("::", StringComparison.Ordinal) is var at and >= 0 ? Text[(at + 2)..] : Text;

    /// <summary>Whether entities of this type are actions: the last part is <c>Action</c>.</summary>
    public bool IsAction => Text == "Action" || Text.EndsWith("::Action", StringComparison.Ordinal);

    /// <summary>Reads a name.</summary>
    /// <exception cref="FormatException">It is not identifiers joined by <c>::</c>, or uses a reserved word.</exception>
    public static EntityTypeName Parse(string text)
        => TryParse(text, out var name) ? name : throw new FormatException($"`{text}` is not an entity type name");

    /// <summary>Reads a name; <see langword="false"/> when it is not one.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out EntityTypeName? name)
    {
        name = text is not null && CedarIdentifier.IsPath(text) ? new EntityTypeName(text) : null;
        return name is not null;
    }

    /// <inheritdoc />
    public bool Equals(EntityTypeName? other)
        => ReferenceEquals(this, other) || (other is not null && _hash == other._hash && string.Equals(Text, other.Text, StringComparison.Ordinal));

    /// <inheritdoc />
    public override bool Equals(object? obj) => Equals(obj as EntityTypeName);

    /// <inheritdoc />
    public override int GetHashCode() => _hash;

    /// <inheritdoc />
    public int CompareTo(EntityTypeName? other) => string.CompareOrdinal(Text, other?.Text);

    /// <summary>Whether both are the same name.</summary>
    public static bool operator ==(EntityTypeName? left, EntityTypeName? right) => left is null ? right is null : left.Equals(right);

    /// <summary>Whether the names differ.</summary>
    public static bool operator !=(EntityTypeName? left, EntityTypeName? right) => !(left == right);

    /// <summary>Ordinal order of the texts.</summary>
    public static bool operator <(EntityTypeName? left, EntityTypeName? right) => string.CompareOrdinal(left?.Text, right?.Text) < 0;

    /// <summary>Ordinal order of the texts.</summary>
    public static bool operator <=(EntityTypeName? left, EntityTypeName? right) => string.CompareOrdinal(left?.Text, right?.Text) <= 0;

    /// <summary>Ordinal order of the texts.</summary>
    public static bool operator >(EntityTypeName? left, EntityTypeName? right) => string.CompareOrdinal(left?.Text, right?.Text) > 0;

    /// <summary>Ordinal order of the texts.</summary>
    public static bool operator >=(EntityTypeName? left, EntityTypeName? right) => string.CompareOrdinal(left?.Text, right?.Text) >= 0;

    /// <inheritdoc />
    public override string ToString() => Text;
}
