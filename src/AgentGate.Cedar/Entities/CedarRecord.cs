using System.Collections;
using System.Diagnostics.CodeAnalysis;
using AgentGate.Cedar.Syntax;

namespace AgentGate.Cedar.Entities;

/// <summary>A record: distinct names with values. Immutable, thread-safe; enumerates in ordinal order of the names.</summary>
public sealed class CedarRecord : CedarValue, IReadOnlyCollection<KeyValuePair<string, CedarValue>>
{
    private readonly string[] _names;
    private readonly CedarValue[] _values;
    private readonly Dictionary<string, int>? _lookup;
    private readonly int _hash;

    /// <summary>Makes a record.</summary>
    /// <exception cref="ArgumentException">A name occurs twice or is not Unicode, or the record would be nested deeper than <see cref="CedarLimits.MaxValueDepth"/>.</exception>
    public CedarRecord(params IEnumerable<KeyValuePair<string, CedarValue>> fields)
    {
        ArgumentNullException.ThrowIfNull(fields);
        var sorted = fields.ToArray();
        Array.Sort(sorted, static (left, right) => string.CompareOrdinal(left.Key, right.Key));
        _names = new string[sorted.Length];
        _values = new CedarValue[sorted.Length];
        _hash = (int)Kind;
        var deepest = 0;
        for (var i = 0; i < sorted.Length; i++)
        {
            CedarText.Check(sorted[i].Key);
            ArgumentNullException.ThrowIfNull(sorted[i].Value);
            if (i > 0 && sorted[i].Key == _names[i - 1])
            {
                throw new ArgumentException($"the record has `{sorted[i].Key}` twice", nameof(fields));
            }

            _names[i] = sorted[i].Key;
            _values[i] = sorted[i].Value;
            deepest = Math.Max(deepest, _values[i].Depth);
            _hash = HashCode.Combine(_hash, _names[i].GetHashCode(StringComparison.Ordinal), _values[i].GetHashCode());
        }

        Depth = DepthOver(deepest);
        if (_names.Length > 8)
        {
            _lookup = new Dictionary<string, int>(_names.Length, StringComparer.Ordinal);
            for (var i = 0; i < _names.Length; i++)
            {
                _lookup.Add(_names[i], i);
            }
        }
    }

    /// <summary>The record without fields.</summary>
    public static CedarRecord Empty { get; } = new();

    /// <inheritdoc />
    public int Count => _names.Length;

    /// <inheritdoc />
    public override CedarValueKind Kind => CedarValueKind.Record;

    internal override int Depth { get; }

    /// <summary>The value of a field; <see langword="false"/> when there is none.</summary>
    public bool TryGetValue(string name, [NotNullWhen(true)] out CedarValue? value)
    {
        var at = IndexOf(name);
        value = at < 0 ? null : _values[at];
        return at >= 0;
    }

    /// <summary>Whether there is a field of this name.</summary>
    public bool ContainsKey(string name) => IndexOf(name) >= 0;

    /// <inheritdoc />
    public override bool Equals(CedarValue? other)
        => ReferenceEquals(this, other)
            || (other is CedarRecord record && record._hash == _hash && _names.AsSpan().SequenceEqual(record._names)
                && _values.AsSpan().SequenceEqual(record._values));

    /// <inheritdoc />
    public override int GetHashCode() => _hash;

    /// <inheritdoc />
    public override string ToString() => $"{{{string.Join(", ", this.Select(field => $"{CedarText.Quote(field.Key)}: {field.Value}"))}}}";

    /// <inheritdoc />
    public IEnumerator<KeyValuePair<string, CedarValue>> GetEnumerator()
    {
        for (var i = 0; i < _names.Length; i++)
        {
            yield return new(_names[i], _values[i]);
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private int IndexOf(string name)
    {
        if (_lookup is not null)
        {
            return _lookup.TryGetValue(name, out var found) ? found : -1;
        }

        for (var i = 0; i < _names.Length; i++)
        {
            if (string.Equals(_names[i], name, StringComparison.Ordinal))
            {
                return i;
            }
        }

        return -1;
    }
}
