using System.Globalization;
using System.Text.Json;
using AgentGate.Cedar.Syntax;

namespace AgentGate.Cedar.Entities;

/// <summary>A JSON value with its place, numbers as they are written. Objects have no name twice; depth is bounded.</summary>
/// <param name="kind">What it is.</param>
/// <param name="offset">The byte it starts at.</param>
/// <param name="text">A string's text, a number's digits; otherwise empty.</param>
internal sealed class JsonNode(JsonValueKind kind, int offset, string text)
{
    /// <summary>Above this size names are looked up, below it compared.</summary>
    private const int LookupFrom = 8;

    private readonly List<JsonNode> _items = [];
    private readonly List<JsonMember> _members = [];
    private Dictionary<string, JsonNode>? _lookup;

    /// <summary>What it is.</summary>
    public JsonValueKind Kind { get; } = kind;

    /// <summary>The byte it starts at.</summary>
    public int Offset { get; } = offset;

    /// <summary>A string's text, a number's digits; otherwise empty.</summary>
    public string Text { get; } = text;

    /// <summary>The elements of an array.</summary>
    public IReadOnlyList<JsonNode> Items => _items;

    /// <summary>The members of an object, as written.</summary>
    public IReadOnlyList<JsonMember> Members => _members;

    /// <summary>The value of a member, or <see langword="null"/>.</summary>
    public JsonNode? this[string name]
        => _lookup is not null ? _lookup.GetValueOrDefault(name) : _members.Find(member => member.Name == name)?.Value;

    /// <summary>The integer, when it is one of 64 bits and written as one: <c>1.0</c>, <c>1e3</c> and <c>-0</c> are none.</summary>
    public bool TryGetLong(out long value)
    {
        value = 0;
        return Kind == JsonValueKind.Number && Text != "-0" && long.TryParse(Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value);
    }

    /// <summary>What it is, in words.</summary>
    public string Describe() => Kind switch
    {
        JsonValueKind.Null => "null",
        JsonValueKind.True or JsonValueKind.False => "a boolean",
        JsonValueKind.Number => "a number",
        JsonValueKind.String => "a string",
        JsonValueKind.Array => "an array",
        _ => "an object",
    };

    /// <summary>Reads a document.</summary>
    /// <exception cref="CedarException">It is not JSON, nested too deep, or an object has a name twice; of the kind the text gives.</exception>
    public static JsonNode Parse(JsonText text)
    {
        if (text.Bytes.Length > CedarLimits.MaxTextLength)
        {
            throw text.Error(-1, $"the document is longer than {CedarLimits.MaxTextLength} bytes", "split it");
        }

        // One level more than allowed, so that the message is ours.
        var reader = new Utf8JsonReader(text.Bytes, new JsonReaderOptions { MaxDepth = CedarLimits.MaxJsonDepth + 1 });
        try
        {
            return Read(ref reader, text);
        }
        catch (JsonException)
        {
            throw text.Error((int)reader.BytesConsumed, "the document is not JSON from here on");
        }
        catch (InvalidOperationException)
        {
            throw text.Error((int)reader.TokenStartIndex, "a string is no Unicode text", "escape both halves of a surrogate pair");
        }
    }

    private static JsonNode Read(ref Utf8JsonReader reader, JsonText text)
    {
        var open = new Stack<JsonNode>();
        var names = new Stack<(string Name, int Offset)>();
        JsonNode? root = null;
        while (reader.Read())
        {
            var offset = (int)reader.TokenStartIndex;
            switch (reader.TokenType)
            {
                case JsonTokenType.PropertyName:
                    names.Push((reader.GetString()!, offset));
                    continue;
                case JsonTokenType.EndArray or JsonTokenType.EndObject:
                    open.Pop().Complete(text);
                    continue;
            }

            var node = reader.TokenType switch
            {
                JsonTokenType.StartObject => new JsonNode(JsonValueKind.Object, offset, ""),
                JsonTokenType.StartArray => new JsonNode(JsonValueKind.Array, offset, ""),
                JsonTokenType.String => new JsonNode(JsonValueKind.String, offset, reader.GetString()!),
                JsonTokenType.Number => new JsonNode(JsonValueKind.Number, offset, System.Text.Encoding.ASCII.GetString(reader.ValueSpan)),
                JsonTokenType.True => new JsonNode(JsonValueKind.True, offset, ""),
                JsonTokenType.False => new JsonNode(JsonValueKind.False, offset, ""),
                _ => new JsonNode(JsonValueKind.Null, offset, ""),
            };
            if (!open.TryPeek(out var parent))
            {
                root = node;
            }
            else if (parent.Kind == JsonValueKind.Array)
            {
                parent._items.Add(node);
            }
            else
            {
                var (name, nameOffset) = names.Pop();
                parent._members.Add(new JsonMember(name, nameOffset, node));
            }

            if (node.Kind is JsonValueKind.Object or JsonValueKind.Array)
            {
                open.Push(node);
                if (open.Count > CedarLimits.MaxJsonDepth)
                {
                    throw text.Error(offset, $"the document is nested deeper than {CedarLimits.MaxJsonDepth}");
                }
            }
        }

        return root ?? throw text.Error(0, "the document is empty");
    }

    private void Complete(JsonText text)
    {
        if (_members.Count <= LookupFrom)
        {
            for (var i = 1; i < _members.Count; i++)
            {
                for (var j = 0; j < i; j++)
                {
                    CheckTwice(_members[i], _members[i].Name == _members[j].Name, text);
                }
            }

            return;
        }

        _lookup = new Dictionary<string, JsonNode>(_members.Count, StringComparer.Ordinal);
        foreach (var member in _members)
        {
            CheckTwice(member, !_lookup.TryAdd(member.Name, member.Value), text);
        }
    }

    private static void CheckTwice(JsonMember member, bool isTwice, JsonText text)
    {
        if (isTwice)
        {
            throw text.Error(member.Offset, $"the object has {CedarText.Quote(member.Name)} twice", "keep one: which of them counts is anybody's guess");
        }
    }
}

/// <summary>A member of a JSON object.</summary>
/// <param name="Name">The name.</param>
/// <param name="Offset">The byte the name starts at.</param>
/// <param name="Value">The value.</param>
internal sealed record JsonMember(string Name, int Offset, JsonNode Value);
