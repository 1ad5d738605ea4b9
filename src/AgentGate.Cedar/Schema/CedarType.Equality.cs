namespace AgentGate.Cedar.Schema;

/// <content>When two types are built alike.</content>
public abstract partial class CedarType
{
    /// <summary>Compares types. Pairs of records are compared once each: types share parts, and walked as trees they may be exponentially large.</summary>
    private static bool AreEqual(CedarType? left, CedarType? right, HashSet<(CedarType, CedarType)>? compared)
    {
        if (ReferenceEquals(left, right))
        {
            return true;
        }

        return (left, right) switch
        {
            (NeverType, NeverType) or (LongType, LongType) or (StringType, StringType) or (AnyEntityType, AnyEntityType) => true,
            (BoolType one, BoolType other) => one.Known == other.Known,
            (ExtensionType one, ExtensionType other) => one.Kind == other.Kind,
            (EntityType one, EntityType other) => one.Types.SetEquals(other.Types),
            (SetType one, SetType other) => AreEqual(one.Element, other.Element, compared),
            (RecordType one, RecordType other) => AreEqual(one, other, compared ?? new HashSet<(CedarType, CedarType)>(TypePairComparer.Instance)),
            _ => false,
        };
    }

    private static bool AreEqual(RecordType left, RecordType right, HashSet<(CedarType, CedarType)> compared)
    {
        if (left.GetHashCode() != right.GetHashCode() || left.IsOpen != right.IsOpen || left.Attributes.Count != right.Attributes.Count)
        {
            return false;
        }

        // A pair that was compared before was equal, or the comparison would have ended there.
        if (!compared.Add((left, right)))
        {
            return true;
        }

        foreach (var (name, attribute) in left.Attributes)
        {
            if (!right.Attributes.TryGetValue(name, out var other)
                || other.IsRequired != attribute.IsRequired || !AreEqual(attribute.Type, other.Type, compared))
            {
                return false;
            }
        }

        return true;
    }
}
