using System.Text.Json;

namespace AgentGate.Content;

/// <summary>
/// A strictly read JSON document: a flat list of nodes over the original bytes. Reading is strict (no duplicate names,
/// no lone surrogates, no invalid UTF-8), so that what a guard reads is what every other parser reads.
/// </summary>
/// <remarks>Immutable and thread-safe.</remarks>
internal sealed class JsonTree(ReadOnlyMemory<byte> utf8, JsonNode[] nodes, int count, char[] text)
{
    private readonly JsonNode[] _nodes = nodes;
    private readonly char[] _text = text;
    private int[]? _indexes;

    /// <summary>The original bytes.</summary>
    public ReadOnlyMemory<byte> Utf8 { get; } = utf8;

    /// <summary>The number of nodes; node 0 is the root.</summary>
    public int Count { get; } = count;

    /// <summary>A node by its index.</summary>
    public ref readonly JsonNode this[int index] => ref _nodes[index];

    /// <summary>The decoded text of a string or name node.</summary>
    public ReadOnlyMemory<char> Text(int node) => _text.AsMemory(_nodes[node].TextStart, _nodes[node].TextLength);

    /// <summary>The decoded text of a string or name node.</summary>
    public ReadOnlySpan<char> TextSpan(int node) => _text.AsSpan(_nodes[node].TextStart, _nodes[node].TextLength);

    /// <summary>The raw bytes of a node.</summary>
    public ReadOnlySpan<byte> Raw(int node) => Utf8.Span[_nodes[node].Start.._nodes[node].End];

    public bool IsObject(int node) => node >= 0 && _nodes[node].Type == JsonTokenType.StartObject;

    public bool IsArray(int node) => node >= 0 && _nodes[node].Type == JsonTokenType.StartArray;

    public bool IsString(int node) => node >= 0 && _nodes[node].Type == JsonTokenType.String;

    public bool IsTrue(int node) => node >= 0 && _nodes[node].Type == JsonTokenType.True;

    public bool IsNullOrAbsent(int node) => node < 0 || _nodes[node].Type == JsonTokenType.Null;

    /// <summary>The value of a member, or -1.</summary>
    public int Find(int obj, ReadOnlySpan<char> name)
    {
        if (!IsObject(obj))
        {
            return -1;
        }

        for (var member = obj + 1; member < _nodes[obj].Next; member = _nodes[member + 1].Next)
        {
            if (TextSpan(member).SequenceEqual(name))
            {
                return member + 1;
            }
        }

        return -1;
    }

    /// <summary>The text of a string member, or <see langword="null"/> when it is absent or not a string.</summary>
    public string? FindText(int obj, ReadOnlySpan<char> name)
    {
        var node = Find(obj, name);
        return IsString(node) ? TextSpan(node).ToString() : null;
    }

    /// <summary>Whether a string node has exactly this text.</summary>
    public bool TextIs(int node, ReadOnlySpan<char> text) => IsString(node) && TextSpan(node).SequenceEqual(text);

    /// <summary>The elements of an array.</summary>
    public IEnumerable<int> Elements(int array)
    {
        if (!IsArray(array))
        {
            yield break;
        }

        for (var element = array + 1; element < _nodes[array].Next; element = _nodes[element].Next)
        {
            yield return element;
        }
    }

    /// <summary>The members of an object, by the index of their name; the value follows it.</summary>
    public IEnumerable<int> Members(int obj)
    {
        if (!IsObject(obj))
        {
            yield break;
        }

        for (var member = obj + 1; member < _nodes[obj].Next; member = _nodes[member + 1].Next)
        {
            yield return member;
        }
    }

    /// <summary>The JSON pointer (RFC 6901) of a node. Of a name: the pointer of its value with a trailing <c>~key</c> mark.</summary>
    /// <param name="node">The node.</param>
    /// <param name="renamed">The name that stands in place of a member's own, by name node, if any: an address must not hold what was masked.</param>
    public string PointerOf(int node, Func<int, string?>? renamed = null)
    {
        var parts = new Stack<string>();
        var isKey = _nodes[node].Type == JsonTokenType.PropertyName;
        if (isKey)
        {
            parts.Push("~key");
            node++;
        }

        for (var at = node; _nodes[at].Parent >= 0; at = _nodes[at].Parent)
        {
            var parent = _nodes[at].Parent;
            parts.Push(_nodes[parent].Type == JsonTokenType.StartObject
                ? "/" + Escape(renamed?.Invoke(at - 1) ?? TextSpan(at - 1).ToString())
                : "/" + IndexOf(at).ToString(System.Globalization.CultureInfo.InvariantCulture));
        }

        return string.Concat(parts);
    }

    private static string Escape(string name)
        => name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);

    /// <summary>The place of an element in its array. Counted for all arrays at once: asked for every element of one, counting each time would be quadratic.</summary>
    private int IndexOf(int node)
    {
        if (Volatile.Read(ref _indexes) is not { } indexes)
        {
            indexes = new int[Count];
            for (var at = 0; at < Count; at++)
            {
                if (_nodes[at].Type == JsonTokenType.StartArray)
                {
                    var index = 0;
                    for (var element = at + 1; element < _nodes[at].Next; element = _nodes[element].Next)
                    {
                        indexes[element] = index++;
                    }
                }
            }

            Volatile.Write(ref _indexes, indexes);
        }

        return indexes[node];
    }
}
