using System.Collections.Immutable;
using AgentGate.Cedar.Entities;

namespace AgentGate.Cedar.Schema;

/// <summary>A resolved type, as schemas declare them and the validator infers them. A closed set; immutable.</summary>
/// <remarks>Two types are equal when they are built alike; <c>==</c> compares references.</remarks>
public abstract partial class CedarType : IEquatable<CedarType>
{
    private CedarType()
    {
    }

    /// <summary>The type of an expression that has no value: the element of an empty set.</summary>
    public static CedarType Never { get; } = new NeverType();

    /// <summary>A boolean.</summary>
    public static CedarType Bool { get; } = new BoolType(null);

    /// <summary>The boolean that is known to be true.</summary>
    public static CedarType True { get; } = new BoolType(true);

    /// <summary>The boolean that is known to be false.</summary>
    public static CedarType False { get; } = new BoolType(false);

    /// <summary>A 64-bit integer.</summary>
    public static CedarType Long { get; } = new LongType();

    /// <summary>A string.</summary>
    public static CedarType String { get; } = new StringType();

    /// <inheritdoc />
    public bool Equals(CedarType? other) => AreEqual(this, other, null);

    /// <inheritdoc />
    public sealed override bool Equals(object? obj) => Equals(obj as CedarType);

    /// <inheritdoc />
    public abstract override int GetHashCode();

    /// <summary>No value has this type.</summary>
    public sealed class NeverType : CedarType
    {
        internal NeverType()
        {
        }

        /// <inheritdoc />
        public override int GetHashCode() => 1;
    }

    /// <summary>A boolean, perhaps one whose value is known.</summary>
    public sealed class BoolType : CedarType
    {
        internal BoolType(bool? known) => Known = known;

        /// <summary>The value when it is known.</summary>
        public bool? Known { get; }

        /// <inheritdoc />
        public override int GetHashCode() => Known is { } known ? known ? 2 : 3 : 4;
    }

    /// <summary>A 64-bit integer.</summary>
    public sealed class LongType : CedarType
    {
        internal LongType()
        {
        }

        /// <inheritdoc />
        public override int GetHashCode() => 5;
    }

    /// <summary>A string.</summary>
    public sealed class StringType : CedarType
    {
        internal StringType()
        {
        }

        /// <inheritdoc />
        public override int GetHashCode() => 6;
    }

    /// <summary>A set.</summary>
    /// <param name="element">The type of its elements; <see langword="null"/> when nothing is known of them.</param>
    public sealed class SetType(CedarType? element) : CedarType
    {
        private readonly int _hash = HashCode.Combine(7, element);

        /// <summary>The type of its elements; <see langword="null"/> when nothing is known of them.</summary>
        public CedarType? Element { get; } = element;

        /// <inheritdoc />
        public override int GetHashCode() => _hash;
    }

    /// <summary>A record.</summary>
    /// <param name="attributes">Its attributes.</param>
    /// <param name="isOpen">Whether there may be more.</param>
    public sealed class RecordType(ImmutableSortedDictionary<string, AttributeType> attributes, bool isOpen) : CedarType
    {
        private readonly int _hash = Hash(attributes, isOpen);

        /// <summary>Its attributes.</summary>
        public ImmutableSortedDictionary<string, AttributeType> Attributes { get; } = attributes;

        /// <summary>Whether there may be more.</summary>
        public bool IsOpen { get; } = isOpen;

        /// <inheritdoc />
        public override int GetHashCode() => _hash;

        private static int Hash(ImmutableSortedDictionary<string, AttributeType> attributes, bool isOpen)
        {
            var hash = isOpen ? 8 : 9;
            foreach (var (name, attribute) in attributes)
            {
                // Summed, so that the order the dictionary keeps its names in does not matter.
                hash += HashCode.Combine(name.GetHashCode(StringComparison.Ordinal), attribute.Type, attribute.IsRequired);
            }

            return hash;
        }
    }

    /// <summary>An entity of one of several types.</summary>
    /// <param name="types">The types; one when the type is known.</param>
    public sealed class EntityType(ImmutableSortedSet<EntityTypeName> types) : CedarType
    {
        /// <summary>The types; one when the type is known.</summary>
        public ImmutableSortedSet<EntityTypeName> Types { get; } = types;

        /// <inheritdoc />
        public override int GetHashCode() => Types.Aggregate(10, static (hash, type) => HashCode.Combine(hash, type));
    }

    /// <summary>An entity of any type.</summary>
    public sealed class AnyEntityType : CedarType
    {
        /// <inheritdoc />
        public override int GetHashCode() => 11;
    }

    /// <summary>An extension type.</summary>
    /// <param name="kind">Which: IP address, decimal, datetime or duration.</param>
    public sealed class ExtensionType(CedarValueKind kind) : CedarType
    {
        /// <summary>Which: IP address, decimal, datetime or duration.</summary>
        public CedarValueKind Kind { get; } = kind;

        /// <inheritdoc />
        public override int GetHashCode() => HashCode.Combine(12, Kind);
    }
}
