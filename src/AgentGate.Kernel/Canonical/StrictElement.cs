using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace AgentGate.Kernel.Canonical;

/// <summary>A value of a strict document, with its path for messages. Every reader throws <see cref="FormatException"/> and never repeats content.</summary>
/// <param name="json">The value.</param>
/// <param name="path">Where it stands.</param>
internal readonly struct StrictElement(JsonElement json, string path)
{
    /// <summary>The longest text that is read where the format sets no length.</summary>
    public const int TextLengthMax = 1024 * 1024;

    /// <summary>The canonical bytes of the value; good as long as the document.</summary>
    public ReadOnlySpan<byte> Canonical => JsonMarshal.GetRawUtf8Value(json);

    /// <summary>A member that is there: <see cref="Members"/> was asked.</summary>
    public StrictElement this[string name] => new(json.GetProperty(name), $"{path}.{name}");

    /// <summary>Whether it is an object with this member.</summary>
    public bool Has(string name) => json.TryGetProperty(name, out _);

    /// <summary>Requires an object with exactly these members.</summary>
    public void Members(ReadOnlySpan<string> required, ReadOnlySpan<string> optional = default)
    {
        Require(JsonValueKind.Object, "an object");
        var found = 0;
        foreach (var name in required)
        {
            found += json.TryGetProperty(name, out _) ? 1 : throw Error($"has no '{name}'");
        }

        foreach (var name in optional)
        {
            found += json.TryGetProperty(name, out _) ? 1 : 0;
        }

        if (json.GetPropertyCount() != found)
        {
            throw Error("has a member that is not known here");
        }
    }

    public string Text(int lengthMax = TextLengthMax)
    {
        Require(JsonValueKind.String, "a string");
        var text = json.GetString()!;
        return text.Length <= lengthMax ? text : throw Error($"is longer than {lengthMax} characters");
    }

    public string? OptionalText(string name) => Has(name) ? this[name].Text() : null;

    public string? OptionalHash(string name) => Has(name) ? this[name].Hash() : null;

    /// <summary>Lower-case hexadecimal of a length.</summary>
    public string Hex(int length) => Text() is var text && CanonicalHash.IsHex(text, length) ? text : throw Error($"is not {length} lower-case hexadecimal digits");

    public string Hash() => Hex(CanonicalHash.Length);

    public string Word(IEnumerable<string> words) => Text() is var text && words.Contains(text, StringComparer.Ordinal) ? text : throw Error("is not one of the words known here");

    /// <summary>A word of a closed set.</summary>
    public T Word<T>(Func<T, string> of)
        where T : struct, Enum
    {
        var text = Text();
        foreach (var value in Enum.GetValues<T>())
        {
            if (string.Equals(of(value), text, StringComparison.Ordinal))
            {
                return value;
            }
        }

        throw Error("is not one of the words known here");
    }

    /// <summary>An integer from 0 to 2^53 - 1.</summary>
    public long Count()
    {
        Require(JsonValueKind.Number, "a number");
        return json.GetInt64() is >= 0 and var number ? number : throw Error("is below zero");
    }

    public int Index(int below) => Count() is var number && number < below ? (int)number : throw Error($"is not below {below}");

    public void Version()
    {
        if (Count() != 1)
        {
            throw Error("is not 1");
        }
    }

    public bool True()
    {
        Require(JsonValueKind.True, "true");
        return true;
    }

    public DateTimeOffset Time() => CanonicalTime.TryParse(Text(), out var at) ? at : throw Error("is not a time like 2026-01-31T09:30:00.000Z");

    /// <summary>A UUID of version 7 (RFC 9562 §5.7) in lower case.</summary>
    public string Uuid7()
        => Text() is { Length: 36 } text && Guid.TryParseExact(text, "D", out var id) && id.Version == 7 && (id.Variant & 0xC) == 8
            && string.Equals(id.ToString("D"), text, StringComparison.Ordinal)
            ? text
            : throw Error("is not a UUIDv7 in lower case");

    /// <summary>Base64 (RFC 4648 §4), padded and canonical.</summary>
    public byte[] Base64(int length)
    {
        var text = Text();
        var bytes = new byte[length];
        return Convert.TryFromBase64String(text, bytes, out var written) && written == length
            && string.Equals(Convert.ToBase64String(bytes), text, StringComparison.Ordinal)
            ? bytes
            : throw Error($"is not {length} bytes in base64");
    }

    public ImmutableArray<T> Items<T>(int countMax, Func<StrictElement, T> read)
    {
        Require(JsonValueKind.Array, "an array");
        var length = json.GetArrayLength();
        if (length > countMax)
        {
            throw Error($"has more than {countMax} elements");
        }

        var items = ImmutableArray.CreateBuilder<T>(length);
        foreach (var item in json.EnumerateArray())
        {
            items.Add(read(new StrictElement(item, $"{path}[{items.Count}]")));
        }

        return items.MoveToImmutable();
    }

    /// <summary>Items in strictly ascending ordinal order of one or two keys.</summary>
    public ImmutableArray<T> Sorted<T>(int countMax, Func<StrictElement, T> read, Func<T, (string, string)> key)
    {
        var items = Items(countMax, read);
        for (var i = 1; i < items.Length; i++)
        {
            var (left, right) = (key(items[i - 1]), key(items[i]));
            var order = string.CompareOrdinal(left.Item1, right.Item1);
            if (order > 0 || (order == 0 && string.CompareOrdinal(left.Item2, right.Item2) >= 0))
            {
                throw Error("is not sorted, or holds something twice");
            }
        }

        return items;
    }

    public void Require(JsonValueKind kind, string what)
    {
        if (json.ValueKind != kind)
        {
            throw Error($"is not {what}");
        }
    }

    public FormatException Error(string problem) => new($"'{path}' {problem}.");
}
