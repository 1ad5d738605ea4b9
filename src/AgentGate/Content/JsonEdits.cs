using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace AgentGate.Content;

/// <summary>
/// Changes to a document, and the document with the changes spliced in. What no change touched is copied byte for byte;
/// only a container that loses or gains a child has its separators rewritten.
/// </summary>
internal sealed class JsonEdits(JsonTree tree)
{
    private readonly Dictionary<int, byte[]?> _changes = [];
    private readonly Dictionary<int, List<byte[]>> _appended = [];
    private readonly HashSet<int> _rebuilt = [];

    /// <summary>Whether nothing changes.</summary>
    public bool IsEmpty => _changes.Count == 0 && _appended.Count == 0;

    /// <summary>Puts other raw JSON in place of a value.</summary>
    public void Replace(int node, ReadOnlySpan<byte> utf8) => _changes[node] = utf8.ToArray();

    /// <summary>Puts a string in place of a value or a name.</summary>
    public void ReplaceText(int node, string text) => _changes[node] = Quote(text);

    /// <summary>Takes a member out, given its name node.</summary>
    public void RemoveMember(int name)
    {
        _changes[name] = null;
        _rebuilt.Add(tree[name].Parent);
    }

    /// <summary>Takes an element out of its array.</summary>
    public void RemoveElement(int element)
    {
        _changes[element] = null;
        _rebuilt.Add(tree[element].Parent);
    }

    /// <summary>Adds a raw element to the end of an array, or a raw <c>"name":value</c> to the end of an object.</summary>
    public void Append(int container, ReadOnlySpan<byte> utf8)
    {
        if (!_appended.TryGetValue(container, out var list))
        {
            _appended[container] = list = [];
        }

        list.Add(utf8.ToArray());
        _rebuilt.Add(container);
    }

    /// <summary>Whether a text can stand in a document: it is there, and no half of a surrogate pair stands alone in it.</summary>
    public static bool CanQuote(string? text)
    {
        if (text is null)
        {
            return false;
        }

        var rest = text.AsSpan();
        while (rest.IndexOfAnyInRange('\uD800', '\uDFFF') is var at && at >= 0)
        {
            if (at + 1 == rest.Length || !char.IsSurrogatePair(rest[at], rest[at + 1]))
            {
                return false;
            }

            rest = rest[(at + 2)..];
        }

        return true;
    }

    /// <summary>A string as JSON. Characters JSON allows raw stay raw, so that a token <c>&lt;SSN_1&gt;</c> reads as one.</summary>
    public static byte[] Quote(string text)
    {
        var encoded = JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).EncodedUtf8Bytes;
        var quoted = new byte[encoded.Length + 2];
        quoted[0] = (byte)'"';
        encoded.CopyTo(quoted.AsSpan(1));
        quoted[^1] = (byte)'"';
        return quoted;
    }

    /// <summary>The document with the changes.</summary>
    public ReadOnlyMemory<byte> Render()
    {
        if (IsEmpty)
        {
            return tree.Utf8;
        }

        var output = new ArrayBufferWriter<byte>(tree.Utf8.Length + 256);
        var touched = Touched();
        output.Write(tree.Utf8.Span[..tree[0].Start]);
        Write(0, touched, output);
        output.Write(tree.Utf8.Span[tree[0].End..]);
        return output.WrittenMemory;
    }

    /// <summary>Every node on a path from the root to a change: the only ones the renderer has to walk.</summary>
    private HashSet<int> Touched()
    {
        var touched = new HashSet<int>();
        foreach (var node in _changes.Keys.Concat(_appended.Keys))
        {
            for (var at = node; at >= 0 && touched.Add(at); at = tree[at].Parent)
            {
            }
        }

        return touched;
    }

    private void Write(int node, HashSet<int> touched, ArrayBufferWriter<byte> output)
    {
        if (_changes.TryGetValue(node, out var replacement) && replacement is not null)
        {
            output.Write(replacement);
        }
        else if (!touched.Contains(node))
        {
            output.Write(tree.Raw(node));
        }
        else if (_rebuilt.Contains(node))
        {
            Rebuild(node, touched, output);
        }
        else
        {
            Splice(node, touched, output);
        }
    }

    private void Splice(int container, HashSet<int> touched, ArrayBufferWriter<byte> output)
    {
        var utf8 = tree.Utf8.Span;
        var at = tree[container].Start;
        for (var child = container + 1; child < tree[container].Next; child = tree[child].Next)
        {
            if (!touched.Contains(child))
            {
                continue;
            }

            output.Write(utf8[at..tree[child].Start]);
            Write(child, touched, output);
            at = tree[child].End;
        }

        output.Write(utf8[at..tree[container].End]);
    }

    private void Rebuild(int container, HashSet<int> touched, ArrayBufferWriter<byte> output)
    {
        var isObject = tree.IsObject(container);
        output.Write(isObject ? "{"u8 : "["u8);
        var any = false;
        for (var child = container + 1; child < tree[container].Next;)
        {
            var value = isObject ? child + 1 : child;
            if (!_changes.TryGetValue(child, out var change) || change is not null)
            {
                output.Write(any ? ","u8 : []);
                any = true;
                if (isObject)
                {
                    Write(child, touched, output);
                    output.Write(":"u8);
                }

                Write(value, touched, output);
            }

            child = tree[value].Next;
        }

        foreach (var appended in _appended.GetValueOrDefault(container, []))
        {
            output.Write(any ? ","u8 : []);
            any = true;
            output.Write(appended);
        }

        output.Write(isObject ? "}"u8 : "]"u8);
    }
}
