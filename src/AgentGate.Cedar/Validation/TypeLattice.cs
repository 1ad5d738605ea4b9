using System.Collections.Immutable;
using AgentGate.Cedar.Schema;

namespace AgentGate.Cedar.Validation;

/// <summary>Which types are subtypes of which, and the least type that covers two. Not thread-safe: it remembers pairs of records.</summary>
/// <remarks>
/// The rules are those of the Cedar specification (Cedar/Validation/Subtyping.lean for strict) and of the engine for permissive.
/// Pairs of records are remembered because types share parts: a type of ten lines may be a tree of millions of nodes.
/// </remarks>
/// <param name="isStrict">Whether types must agree exactly, up to known booleans and empty sets.</param>
internal sealed class TypeLattice(bool isStrict)
{
    private readonly Dictionary<(CedarType Lower, CedarType Upper), bool> _subtypes = new(TypePairComparer.Instance);
    private readonly Dictionary<(CedarType Left, CedarType Right), (CedarType? Type, TypeConflict Conflict)> _joins = new(TypePairComparer.Instance);

    public bool IsStrict => isStrict;

    public bool IsSubtype(CedarType lower, CedarType upper)
    {
        if (ReferenceEquals(lower, upper))
        {
            return true;
        }

        switch (lower, upper)
        {
            case (CedarType.NeverType, _):
                return true;
            case (CedarType.BoolType left, CedarType.BoolType right):
                return right.Known is null || left.Known == right.Known;
            case (CedarType.LongType, CedarType.LongType):
            case (CedarType.StringType, CedarType.StringType):
            case (CedarType.AnyEntityType, CedarType.AnyEntityType):
                return true;
            case (CedarType.ExtensionType left, CedarType.ExtensionType right):
                return left.Kind == right.Kind;
            case (CedarType.SetType left, CedarType.SetType right):
                return right.Element is null || (left.Element is not null && IsSubtype(left.Element, right.Element));
            case (CedarType.EntityType left, CedarType.EntityType right):
                return isStrict ? left.Types.SetEquals(right.Types) : left.Types.IsSubsetOf(right.Types);
            case (CedarType.EntityType, CedarType.AnyEntityType):
                return !isStrict;
            case (CedarType.RecordType left, CedarType.RecordType right):
                if (!_subtypes.TryGetValue((left, right), out var known))
                {
                    known = IsRecordSubtype(left, right);
                    _subtypes.Add((left, right), known);
                }

                return known;
            default:
                return false;
        }
    }

    /// <summary>The least type that covers both; <see langword="null"/> with the reason when there is none.</summary>
    public CedarType? Join(CedarType left, CedarType right, out TypeConflict conflict)
    {
        conflict = TypeConflict.Kind;
        if (IsSubtype(left, right))
        {
            return right;
        }

        if (IsSubtype(right, left))
        {
            return left;
        }

        switch (left, right)
        {
            case (CedarType.BoolType, CedarType.BoolType):
                return CedarType.Bool;
            case (CedarType.SetType { Element: { } one }, CedarType.SetType { Element: { } other }):
                return Join(one, other, out conflict) is { } element ? new CedarType.SetType(element) : null;
            case (CedarType.EntityType or CedarType.AnyEntityType, CedarType.EntityType or CedarType.AnyEntityType):
                conflict = TypeConflict.EntityTypes;
                return isStrict ? null
                    : left is CedarType.EntityType some && right is CedarType.EntityType others ? new CedarType.EntityType(some.Types.Union(others.Types))
                    : new CedarType.AnyEntityType();
            case (CedarType.RecordType one, CedarType.RecordType other):
                if (!_joins.TryGetValue((one, other), out var known))
                {
                    known.Type = isStrict ? JoinExactly(one, other, out known.Conflict) : JoinCommon(one, other);
                    _joins.Add((one, other), known);
                }

                conflict = known.Conflict;
                return known.Type;
            case (CedarType.RecordType, CedarType.EntityType or CedarType.AnyEntityType):
            case (CedarType.EntityType or CedarType.AnyEntityType, CedarType.RecordType):
                conflict = TypeConflict.EntityAndRecord;
                return null;
            default:
                return null;
        }
    }

    /// <summary>The least type that covers the attribute in both records or entities.</summary>
    public AttributeType? Join(AttributeType left, AttributeType right, out TypeConflict conflict)
    {
        if (Join(left.Type, right.Type, out conflict) is not { } type)
        {
            return null;
        }

        conflict = TypeConflict.Optionality;
        return isStrict && left.IsRequired != right.IsRequired ? null : new AttributeType(type, left.IsRequired && right.IsRequired);
    }

    /// <summary>Whether no value has both types, so that <c>==</c> between them is false. Says so of entities only, as the engine does.</summary>
    public static bool AreDisjoint(CedarType left, CedarType right)
        => left is CedarType.EntityType some && right is CedarType.EntityType others && !some.Types.Overlaps(others.Types);

    private bool IsRecordSubtype(CedarType.RecordType lower, CedarType.RecordType upper)
    {
        var mayBeWider = upper.IsOpen && !isStrict;
        if ((lower.IsOpen && !upper.IsOpen) || (!mayBeWider && lower.Attributes.Count != upper.Attributes.Count))
        {
            return false;
        }

        foreach (var (name, attribute) in upper.Attributes)
        {
            if (!lower.Attributes.TryGetValue(name, out var own)
                || (isStrict ? own.IsRequired != attribute.IsRequired : !own.IsRequired && attribute.IsRequired)
                || !IsSubtype(own.Type, attribute.Type))
            {
                return false;
            }
        }

        return true;
    }

    private CedarType.RecordType? JoinExactly(CedarType.RecordType left, CedarType.RecordType right, out TypeConflict conflict)
    {
        conflict = TypeConflict.Attributes;
        if (left.Attributes.Count != right.Attributes.Count)
        {
            return null;
        }

        var attributes = ImmutableSortedDictionary.CreateBuilder<string, AttributeType>(left.Attributes.KeyComparer);
        foreach (var (name, attribute) in left.Attributes)
        {
            if (!right.Attributes.TryGetValue(name, out var other))
            {
                conflict = TypeConflict.Attributes;
                return null;
            }

            if (Join(attribute, other, out conflict) is not { } joined)
            {
                return null;
            }

            attributes.Add(name, joined);
        }

        return new CedarType.RecordType(attributes.ToImmutable(), left.IsOpen || right.IsOpen);
    }

    /// <summary>The attributes both have with types that fit; the record is open when one of them was lost.</summary>
    private CedarType.RecordType JoinCommon(CedarType.RecordType left, CedarType.RecordType right)
    {
        var attributes = ImmutableSortedDictionary.CreateBuilder<string, AttributeType>(left.Attributes.KeyComparer);
        foreach (var (name, attribute) in left.Attributes)
        {
            if (right.Attributes.TryGetValue(name, out var other) && Join(attribute, other, out _) is { } joined)
            {
                attributes.Add(name, joined);
            }
        }

        var isWhole = attributes.Count == left.Attributes.Count && attributes.Count == right.Attributes.Count;
        return new CedarType.RecordType(attributes.ToImmutable(), left.IsOpen || right.IsOpen || !isWhole);
    }
}
