using System.Collections.Immutable;
using AgentGate.Cedar.Entities;

namespace AgentGate.Cedar.Schema;

/// <summary>A resolved type, as schemas declare them and the validator infers them. A closed set; immutable.</summary>
public abstract class CedarType
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

    /// <summary>No value has this type.</summary>
    public sealed class NeverType : CedarType
    {
        internal NeverType()
        {
        }
    }

    /// <summary>A boolean, perhaps one whose value is known.</summary>
    public sealed class BoolType : CedarType
    {
        internal BoolType(bool? known) => Known = known;

        /// <summary>The value when it is known.</summary>
        public bool? Known { get; }
    }

    /// <summary>A 64-bit integer.</summary>
    public sealed class LongType : CedarType
    {
        internal LongType()
        {
        }
    }

    /// <summary>A string.</summary>
    public sealed class StringType : CedarType
    {
        internal StringType()
        {
        }
    }

    /// <summary>A set.</summary>
    /// <param name="element">The type of its elements; <see langword="null"/> when nothing is known of them.</param>
    public sealed class SetType(CedarType? element) : CedarType
    {
        /// <summary>The type of its elements; <see langword="null"/> when nothing is known of them.</summary>
        public CedarType? Element { get; } = element;
    }

    /// <summary>A record.</summary>
    /// <param name="attributes">Its attributes.</param>
    /// <param name="isOpen">Whether there may be more.</param>
    public sealed class RecordType(ImmutableSortedDictionary<string, AttributeType> attributes, bool isOpen) : CedarType
    {
        /// <summary>Its attributes.</summary>
        public ImmutableSortedDictionary<string, AttributeType> Attributes { get; } = attributes;

        /// <summary>Whether there may be more.</summary>
        public bool IsOpen { get; } = isOpen;
    }

    /// <summary>An entity of one of several types.</summary>
    /// <param name="types">The types; one when the type is known.</param>
    public sealed class EntityType(ImmutableSortedSet<EntityTypeName> types) : CedarType
    {
        /// <summary>The types; one when the type is known.</summary>
        public ImmutableSortedSet<EntityTypeName> Types { get; } = types;
    }

    /// <summary>An entity of any type.</summary>
    public sealed class AnyEntityType : CedarType;

    /// <summary>An extension type.</summary>
    /// <param name="kind">Which: IP address, decimal, datetime or duration.</param>
    public sealed class ExtensionType(CedarValueKind kind) : CedarType
    {
        /// <summary>Which: IP address, decimal, datetime or duration.</summary>
        public CedarValueKind Kind { get; } = kind;
    }
}
