namespace AgentGate.Pii.Restoring;

/// <summary>The tokens that may be restored for one call, with their values. Immutable.</summary>
internal sealed class LiveTokens
{
    private readonly string[] _names;
    private readonly string[] _values;
    private readonly string[] _types;

    /// <summary>The tokens of a call.</summary>
    /// <param name="tokens">Tokens with their brackets, each with its value.</param>
    public LiveTokens(IReadOnlyDictionary<string, string> tokens)
    {
        _names = [.. tokens.Keys.Select(token => token[1..^1])];
        _values = [.. tokens.Values];
        Array.Sort(_names, _values, StringComparer.Ordinal);
        _types = [.. _names.Select(name => name[..name.LastIndexOf('_')])];
    }

    /// <summary>The tokens of one type.</summary>
    public LiveTokens OfType(string type)
        => new(Enumerable.Range(0, Count).Where(token => _types[token] == type)
            .ToDictionary(token => $"<{_names[token]}>", ValueOf, StringComparer.Ordinal));

    /// <summary>How many there are.</summary>
    public int Count => _names.Length;

    /// <summary>The token with a name, or a negative number.</summary>
    public int Find(ReadOnlySpan<char> name)
    {
        var at = LowerBound(name);
        return at < _names.Length && name.SequenceEqual(_names[at]) ? at : -1;
    }

    /// <summary>Whether a token's name begins so.</summary>
    public bool AnyBeginsWith(ReadOnlySpan<char> prefix)
    {
        var at = LowerBound(prefix);
        return at < _names.Length && _names[at].AsSpan().StartsWith(prefix, StringComparison.Ordinal);
    }

    /// <summary>The value.</summary>
    public string ValueOf(int token) => _values[token];

    /// <summary>The type.</summary>
    public string TypeOf(int token) => _types[token];

    private int LowerBound(ReadOnlySpan<char> name)
    {
        var (low, high) = (0, _names.Length);
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (_names[middle].AsSpan().SequenceCompareTo(name) < 0)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }
}
