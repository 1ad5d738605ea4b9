using System.Buffers;
using System.Collections.Frozen;
using System.Text.Json;
using AgentGate.Diagnostics;
using AgentGate.Kernel.Decisions;

namespace AgentGate.Content;

/// <summary>
/// What a door makes of a document: the role of each part, which parts no guard can read, which are signed, which tools
/// are declared. A part the door says nothing about is <see cref="SegmentRole.Other"/> and is scanned all the same.
/// </summary>
internal sealed class DocumentReading(JsonTree tree)
{
    private const string Encrypted = "encrypted";

    /// <summary>Shorter text is read as text, also where it could be base64.</summary>
    private const int EncodedMin = 32;

    private static readonly SearchValues<char> s_encoded =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_=\r\n");

    private readonly byte[] _roles = new byte[tree.Count];
    private readonly byte[] _kinds = new byte[tree.Count];

    /// <summary>The document.</summary>
    public JsonTree Tree { get; } = tree;

    /// <summary>The kinds of unread parts, in document order.</summary>
    public List<string> UnreadKinds { get; } = [];

    /// <summary>The declared tools: name and the array element that declares it.</summary>
    public List<(string Name, int Element)> Tools { get; } = [];

    /// <summary>The first fault the door found.</summary>
    public JsonFault? Fault { get; private set; }

    public SegmentRole RoleOf(int node) => (SegmentRole)_roles[node];

    public SegmentKind? MarkOf(int node) => _kinds[node] == 0 ? null : (SegmentKind)(_kinds[node] - 1);

    /// <summary>Gives a node and everything in it a role.</summary>
    public void Role(int node, SegmentRole role)
    {
        if (node >= 0)
        {
            _roles.AsSpan(node, Tree[node].Next - node).Fill((byte)role);
        }
    }

    /// <summary>
    /// Marks a node as a part no guard can read. Only the encoded bytes in it are unread: names, captions and whatever else
    /// stands beside them as text is text. In an encrypted part, which may not be changed, that text is sealed.
    /// </summary>
    public void Unread(int node, string kind)
    {
        if (node < 0)
        {
            return;
        }

        UnreadKinds.Add(kind);
        for (var at = node; at < Tree[node].Next; at++)
        {
            if (Tree.IsString(at) && IsEncoded(Tree.TextSpan(at)))
            {
                _kinds[at] = (byte)SegmentKind.Unread + 1;
            }
            else if (kind == Encrypted)
            {
                _kinds[at] = (byte)SegmentKind.Sealed + 1;
            }
        }
    }

    private static bool IsEncoded(ReadOnlySpan<char> text)
    {
        if (text.TrimStart().StartsWith("data:", StringComparison.OrdinalIgnoreCase) && text.IndexOf(',') is var comma and >= 0)
        {
            var head = text[..comma];
            return head.Length <= 128 && head.EndsWith(";base64", StringComparison.OrdinalIgnoreCase) && !text[(comma + 1)..].ContainsAnyExcept(s_encoded);
        }

        return text.Length >= EncodedMin && !text.ContainsAnyExcept(s_encoded);
    }

    /// <summary>Marks a node and everything in it as signed: readable, but changed in neither direction.</summary>
    public void Sealed(int node)
    {
        if (node >= 0)
        {
            _kinds.AsSpan(node, Tree[node].Next - node).Fill((byte)SegmentKind.Sealed + 1);
        }
    }

    /// <summary>Records the first fault; later ones are dropped.</summary>
    public void Refuse(string code, string message) => Fault ??= new JsonFault(code, message);

    /// <summary>
    /// Refuses, in every object a protocol defines, a member whose name differs from a known one or from its neighbour's
    /// only by case: a party that reads names without case would take it for the other. Members the door does not know and
    /// free-form ones, where <c>a</c> and <c>A</c> are two names, are not entered.
    /// </summary>
    /// <param name="root">The node to begin at.</param>
    /// <param name="known">The names the protocol knows anywhere, compared without case.</param>
    /// <param name="freeForm">Those of them whose values are the caller's own.</param>
    public void CheckNames(int root, FrozenSet<string> known, FrozenSet<string> freeForm)
    {
        if (Tree.IsArray(root))
        {
            foreach (var element in Tree.Elements(root))
            {
                CheckNames(element, known, freeForm);
            }
        }

        if (!Tree.IsObject(root))
        {
            return;
        }

        CheckNames(root, known);
        var names = known.GetAlternateLookup<ReadOnlySpan<char>>();
        var entered = freeForm.GetAlternateLookup<ReadOnlySpan<char>>();
        for (var member = root + 1; member < Tree[root].Next; member = Tree[member + 1].Next)
        {
            if (names.Contains(Tree.TextSpan(member)) && !entered.Contains(Tree.TextSpan(member)))
            {
                CheckNames(member + 1, known, freeForm);
            }
        }
    }

    /// <summary>Refuses members of one object whose names differ from a known one, or from each other, only by case.</summary>
    /// <param name="obj">The object.</param>
    /// <param name="known">The names the door knows here, compared without case.</param>
    public void CheckNames(int obj, FrozenSet<string> known)
    {
        if (!Tree.IsObject(obj))
        {
            return;
        }

        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var lookup = known.GetAlternateLookup<ReadOnlySpan<char>>();
        var seenLookup = seen.GetAlternateLookup<ReadOnlySpan<char>>();
        for (var member = obj + 1; member < Tree[obj].Next; member = Tree[member + 1].Next)
        {
            var name = Tree.TextSpan(member);
            var folded = Folded(name);
            if (lookup.TryGetValue(folded, out var exact) && !name.SequenceEqual(exact))
            {
                Refuse(Codes.MemberCase, $"The member \"{name}\" at byte {Tree[member].Start} differs from \"{exact}\" only by case; write \"{exact}\".");
            }

            if (!seenLookup.Add(folded))
            {
                Refuse(Codes.MemberCase, $"The member at byte {Tree[member].Start} differs from another one of its object only by case; write each name once.");
            }
        }
    }

    /// <summary>Case folding in other parsers knows two letters beside ASCII that ignoring case here does not: long s and the Kelvin sign.</summary>
    private static ReadOnlySpan<char> Folded(ReadOnlySpan<char> name)
        => name.ContainsAny('\u017F', '\u212A') ? name.ToString().Replace('\u017F', 's').Replace('\u212A', 'k') : name;

    /// <summary>Refuses a field of the wrong type.</summary>
    public void Expect(bool holds, string field, string what)
    {
        if (!holds)
        {
            Refuse(Codes.InvalidField, $"The field \"{field}\" must be {what}.");
        }
    }

    /// <summary>Whether a number node has seven digits or more.</summary>
    public static bool IsLongNumber(in JsonNode node, ReadOnlySpan<char> text)
    {
        if (node.Type != JsonTokenType.Number || text.Length < 7)
        {
            return false;
        }

        var digits = 0;
        foreach (var c in text)
        {
            digits += char.IsAsciiDigit(c) ? 1 : 0;
        }

        return digits >= 7;
    }
}
