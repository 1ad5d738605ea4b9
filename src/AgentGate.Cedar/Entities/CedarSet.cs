using System.Collections;
using System.Collections.Immutable;

namespace AgentGate.Cedar.Entities;

/// <summary>A set of values: no order, no duplicates. Immutable, thread-safe.</summary>
public sealed class CedarSet : CedarValue, IReadOnlyCollection<CedarValue>
{
    /// <summary>Above this size membership is looked up, below it compared.</summary>
    private const int LookupFrom = 8;

    private readonly ImmutableArray<CedarValue> _elements;
    private readonly HashSet<CedarValue>? _lookup;
    private readonly int _hash;

    /// <summary>Makes a set; duplicates fall away, the first of each stays.</summary>
    /// <exception cref="ArgumentException">It would be nested deeper than <see cref="Syntax.CedarLimits.MaxValueDepth"/>.</exception>
    public CedarSet(params IEnumerable<CedarValue> elements)
    {
        ArgumentNullException.ThrowIfNull(elements);
        var lookup = new HashSet<CedarValue>();
        var (sum, deepest) = (0, 0);
        var distinct = ImmutableArray.CreateBuilder<CedarValue>();
        foreach (var element in elements)
        {
            ArgumentNullException.ThrowIfNull(element, nameof(elements));
            deepest = Math.Max(deepest, element.Depth);
            if (lookup.Add(element))
            {
                distinct.Add(element);
                sum += element.GetHashCode();
            }
        }

        // The sum does not depend on the order; mixing it in tells sets of sets of nothing apart.
        _hash = HashCode.Combine((int)Kind, distinct.Count, sum);

        Depth = DepthOver(deepest);
        _elements = distinct.DrainToImmutable();
        _lookup = _elements.Length > LookupFrom ? lookup : null;
    }

    /// <summary>The empty set.</summary>
    public static CedarSet Empty { get; } = new();

    /// <summary>The distinct elements, in the order first seen.</summary>
    public ImmutableArray<CedarValue> Elements => _elements;

    /// <inheritdoc />
    public int Count => _elements.Length;

    /// <inheritdoc />
    public override CedarValueKind Kind => CedarValueKind.Set;

    internal override int Depth { get; }

    /// <summary>Whether the value is in the set.</summary>
    public bool Contains(CedarValue value)
    {
        if (_lookup is not null)
        {
            return _lookup.Contains(value);
        }

        foreach (var element in _elements)
        {
            if (element.Equals(value))
            {
                return true;
            }
        }

        return false;
    }

    /// <inheritdoc />
    public override bool Equals(CedarValue? other)
    {
        if (ReferenceEquals(this, other))
        {
            return true;
        }

        if (other is not CedarSet set || set._hash != _hash || set.Count != Count)
        {
            return false;
        }

        foreach (var element in _elements)
        {
            if (!set.Contains(element))
            {
                return false;
            }
        }

        return true;
    }

    /// <inheritdoc />
    public override int GetHashCode() => _hash;

    /// <inheritdoc />
    public override string ToString() => $"[{string.Join(", ", _elements)}]";

    /// <inheritdoc />
    public IEnumerator<CedarValue> GetEnumerator() => ((IEnumerable<CedarValue>)_elements).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
