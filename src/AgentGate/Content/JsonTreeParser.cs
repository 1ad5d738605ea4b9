using System.Text.Json;
using System.Text.Unicode;
using AgentGate.Diagnostics;

namespace AgentGate.Content;

/// <summary>Reads a document strictly into a <see cref="JsonTree"/>, or says why it is refused. One pass, linear.</summary>
internal static class JsonTreeParser
{
    /// <summary>From this many members on, names are kept in a set instead of being compared one by one.</summary>
    private const int NamesCompared = 12;

    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    /// <summary>Reads a document.</summary>
    /// <param name="utf8">The bytes; kept, not copied. The caller must not change them afterwards.</param>
    /// <param name="limits">The bounds.</param>
    /// <param name="fault">Why it was refused.</param>
    public static JsonTree? Parse(ReadOnlyMemory<byte> utf8, JsonLimits limits, out JsonFault? fault)
    {
        var span = utf8.Span;
        if (span.StartsWith(ByteOrderMark))
        {
            fault = new JsonFault(Codes.ByteOrderMark, "The body starts with a byte-order mark; send plain UTF-8.");
            return null;
        }

        if (!Utf8.IsValid(span))
        {
            fault = new JsonFault(Codes.InvalidUtf8, "The body is not valid UTF-8.");
            return null;
        }

        var state = new State(utf8, limits);
        try
        {
            fault = state.Read();
        }
        catch (JsonException broken)
        {
            fault = new JsonFault(
                Codes.InvalidJson,
                $"The body is not valid JSON: line {(broken.LineNumber ?? 0) + 1}, byte {(broken.BytePositionInLine ?? 0) + 1}.");
        }

        return fault is null ? state.ToTree() : null;
    }

    private struct State(ReadOnlyMemory<byte> utf8, JsonLimits limits)
    {
        private readonly char[] _text = new char[utf8.Length];
        private JsonNode[] _nodes = new JsonNode[Math.Max(16, utf8.Length / 24)];
        private int _count;
        private int _textLength;
        private int _container = -1;
        private Dictionary<int, HashSet<string>>? _names;

        public readonly JsonTree ToTree() => new(utf8, _nodes, _count, _text);

        public JsonFault? Read()
        {
            // One level more than allowed, so that the refusal is ours and names the bound.
            var reader = new Utf8JsonReader(utf8.Span, new JsonReaderOptions { MaxDepth = limits.DepthMax + 1 });
            while (reader.Read())
            {
                if (_count >= limits.NodesMax)
                {
                    return new JsonFault(Codes.TooLarge, $"The body holds more than {limits.NodesMax} names and values.");
                }

                switch (reader.TokenType)
                {
                    case JsonTokenType.StartObject or JsonTokenType.StartArray:
                        if (reader.CurrentDepth >= limits.DepthMax)
                        {
                            return new JsonFault(Codes.TooDeep, $"The body is nested deeper than {limits.DepthMax} levels.");
                        }

                        _container = Add(ref reader, decode: false);
                        break;
                    case JsonTokenType.EndObject or JsonTokenType.EndArray:
                        _nodes[_container].End = (int)reader.BytesConsumed;
                        _nodes[_container].Next = _count;
                        _container = _nodes[_container].Parent;
                        break;
                    case JsonTokenType.PropertyName or JsonTokenType.String:
                        int node;
                        try
                        {
                            node = Add(ref reader, decode: true);
                        }
                        catch (InvalidOperationException)
                        {
                            // The reader's only complaint about a string that is valid UTF-8: half of a surrogate pair in escapes.
                            return new JsonFault(
                                Codes.LoneSurrogate, $"The string at byte {reader.TokenStartIndex} holds half of a surrogate pair.");
                        }

                        if (reader.TokenType == JsonTokenType.PropertyName && !IsNewName(node))
                        {
                            return new JsonFault(
                                Codes.DuplicateMember, $"The object at byte {_nodes[_container].Start} names a member twice, at byte {reader.TokenStartIndex}.");
                        }

                        break;
                    default:
                        Add(ref reader, decode: false);
                        break;
                }
            }

            return null;
        }

        private int Add(ref Utf8JsonReader reader, bool decode)
        {
            if (_count == _nodes.Length)
            {
                Array.Resize(ref _nodes, _nodes.Length * 2);
            }

            ref var node = ref _nodes[_count];
            node.Type = reader.TokenType;
            node.Start = (int)reader.TokenStartIndex;
            node.End = reader.TokenType == JsonTokenType.PropertyName
                ? node.Start + reader.ValueSpan.Length + 2
                : (int)reader.BytesConsumed;
            node.Next = _count + 1;
            node.Parent = _container;
            node.TextStart = _textLength;
            node.TextLength = decode ? reader.CopyString(_text.AsSpan(_textLength)) : 0;
            if (!decode && reader.TokenType == JsonTokenType.Number)
            {
                node.TextLength = System.Text.Encoding.ASCII.GetChars(reader.ValueSpan, _text.AsSpan(_textLength));
            }

            _textLength += node.TextLength;
            return _count++;
        }

        private bool IsNewName(int name)
        {
            var text = _text.AsSpan(_nodes[name].TextStart, _nodes[name].TextLength);
            var seen = 0;
            if (_names is null || !_names.TryGetValue(_container, out var set))
            {
                for (var other = _container + 1; other < name; other = _nodes[other + 1].Next)
                {
                    if (_text.AsSpan(_nodes[other].TextStart, _nodes[other].TextLength).SequenceEqual(text))
                    {
                        return false;
                    }

                    seen++;
                }

                if (seen >= NamesCompared)
                {
                    Remember(name);
                }

                return true;
            }

            return set.Add(text.ToString());
        }

        private void Remember(int upTo)
        {
            var set = new HashSet<string>(StringComparer.Ordinal);
            for (var other = _container + 1; other <= upTo; other = _nodes[other + 1].Next)
            {
                set.Add(_text.AsSpan(_nodes[other].TextStart, _nodes[other].TextLength).ToString());
                if (other == upTo)
                {
                    break;
                }
            }

            (_names ??= [])[_container] = set;
        }
    }
}
