using System.Runtime.CompilerServices;

namespace AgentGate.Cedar.Schema;

/// <summary>Compares pairs of types by reference: what was found out of one pair of objects is remembered for it.</summary>
internal sealed class TypePairComparer : IEqualityComparer<(CedarType Left, CedarType Right)>
{
    public static TypePairComparer Instance { get; } = new();

    public bool Equals((CedarType Left, CedarType Right) x, (CedarType Left, CedarType Right) y)
        => ReferenceEquals(x.Left, y.Left) && ReferenceEquals(x.Right, y.Right);

    public int GetHashCode((CedarType Left, CedarType Right) pair)
        => HashCode.Combine(RuntimeHelpers.GetHashCode(pair.Left), RuntimeHelpers.GetHashCode(pair.Right));
}
