namespace AgentGate.Cedar.Validation;

/// <summary>What is known to exist once an expression was true: numbers that <see cref="ExpressionShapes"/> gave. Immutable.</summary>
internal readonly struct CapabilitySet
{
    private readonly int[]? _sorted;

    private CapabilitySet(int[]? sorted) => _sorted = sorted;

    public static CapabilitySet None => default;

    public ReadOnlySpan<int> Items => _sorted;

    public static CapabilitySet Of(int capability) => new([capability]);

    public CapabilitySet Union(CapabilitySet other)
    {
        var (left, right) = (_sorted, other._sorted);
        if (left is null || right is null || ReferenceEquals(left, right))
        {
            return left is null ? other : this;
        }

        var merged = new int[left.Length + right.Length];
        var (i, j, count) = (0, 0, 0);
        while (i < left.Length || j < right.Length)
        {
            var next = j >= right.Length || (i < left.Length && left[i] <= right[j]) ? left[i] : right[j];
            merged[count++] = next;
            i += i < left.Length && left[i] == next ? 1 : 0;
            j += j < right.Length && right[j] == next ? 1 : 0;
        }

        return new CapabilitySet(count == merged.Length ? merged : merged[..count]);
    }

    public CapabilitySet Intersect(CapabilitySet other)
    {
        if (_sorted is null || other._sorted is null)
        {
            return None;
        }

        var common = Array.FindAll(_sorted, item => Array.BinarySearch(other._sorted, item) >= 0);
        return new CapabilitySet(common.Length == 0 ? null : common);
    }
}
