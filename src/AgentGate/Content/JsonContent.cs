using System.Collections.Immutable;
using System.Text.Json;
using AgentGate.Kernel.Decisions;

namespace AgentGate.Content;

/// <summary>
/// A call's or an answer's content over its JSON document. Every string is a segment, and every object key and number of
/// seven digits or more; a string that itself holds a JSON object or array is read as one, so that a change inside keeps
/// it valid JSON.
/// </summary>
internal sealed class JsonContent : CallContent
{
    private readonly Part[] _parts;
    private readonly JsonSlots _slots;
    private readonly Segment[] _segments;
    private readonly ImmutableArray<(string Name, int Element)> _tools;
    private readonly ImmutableHashSet<string> _removedTools;
    private readonly string?[]? _replaced;
    private readonly JsonMembers _members;
    private ReadOnlyMemory<byte>? _rendered;

    internal JsonContent(Part[] parts, Slot[] slots, Segment[] segments, DocumentReading reading)
    {
        _parts = parts;
        _slots = new JsonSlots(slots, parts.Length);
        _segments = segments;
        _tools = [.. reading.Tools];
        _removedTools = [];
        _members = JsonMembers.None;
        UnreadKinds = [.. reading.UnreadKinds.Distinct().Order(StringComparer.Ordinal)];
        Reading = reading;
    }

    private JsonContent(
        JsonContent from, Segment[] segments, string?[]? replaced, ImmutableHashSet<string> removedTools, JsonMembers members)
    {
        _members = members;
        _parts = from._parts;
        _slots = from._slots;
        _tools = from._tools;
        UnreadKinds = from.UnreadKinds;
        Reading = from.Reading;
        _segments = segments;
        _replaced = replaced;
        _removedTools = removedTools;
    }

    /// <summary>One document: the root, or a string that holds one.</summary>
    /// <param name="Tree">The document.</param>
    /// <param name="Parent">The document that holds it, or -1.</param>
    /// <param name="Node">The string node in the parent.</param>
    internal readonly record struct Part(JsonTree Tree, int Parent, int Node);

    /// <summary>Where a segment lies.</summary>
    internal readonly record struct Slot(int Part, int Node);

    /// <summary>What the door made of the root document.</summary>
    public DocumentReading Reading { get; }

    /// <summary>The root document as received, without changes.</summary>
    public JsonTree Tree => _parts[0].Tree;

    /// <summary>The node of a segment in the root document, or -1 for one inside a string that holds JSON.</summary>
    public int RootNodeOf(int index) => _slots[index].Part == 0 ? _slots[index].Node : -1;

    /// <summary>The segment of a node of the root document, or -1.</summary>
    public int SegmentOf(int node) => _slots.SegmentOf(0, node);

    public override ReadOnlySpan<Segment> Segments => _segments;

    public override ImmutableArray<string> DeclaredTools
        => [.. _tools.Select(tool => tool.Name).Where(name => !_removedTools.Contains(name))];

    public override ImmutableArray<string> UnreadKinds { get; }

    public override string AddressOf(int index)
    {
        var slot = _slots[index];
        var address = PointerOf(slot.Part, slot.Node);
        for (var part = slot.Part; _parts[part].Parent >= 0; part = _parts[part].Parent)
        {
            address = PointerOf(_parts[part].Parent, _parts[part].Node) + "#" + address;
        }

        return address;
    }

    /// <summary>A pointer with the names as they are after the changes: a masked key stays masked in an address.</summary>
    private string PointerOf(int part, int node)
        => _parts[part].Tree.PointerOf(node, _replaced is null ? null : name => _slots.SegmentOf(part, name) is >= 0 and var segment ? _replaced[segment] : null);

    public override ReadOnlyMemory<char> LabelOf(int index)
    {
        var slot = _slots[index];
        var tree = _parts[slot.Part].Tree;
        for (var node = slot.Node; node > 0; node = tree[node].Parent)
        {
            if (tree[node].Type != JsonTokenType.PropertyName && tree.IsObject(tree[node].Parent))
            {
                return tree.Text(node - 1);
            }
        }

        return default;
    }

    public override CallContent Apply(ImmutableArray<ContentChange> changes)
    {
        if (_members.With(Tree, changes) is { } set)
        {
            return new JsonContent(this, _segments, _replaced, _removedTools, set);
        }

        var segments = (Segment[])_segments.Clone();
        var replaced = _replaced is null ? new string?[_segments.Length] : (string?[])_replaced.Clone();
        var (removed, members) = (_removedTools, _members);
        var seen = new HashSet<int>();
        foreach (var change in changes)
        {
            switch (change)
            {
                case ContentChange.ReplaceText(var index, var text)
                    when (uint)index < (uint)segments.Length && seen.Add(index) && JsonEdits.CanQuote(text)
                        && segments[index].Kind is SegmentKind.Text or SegmentKind.Key or SegmentKind.Number:
                    replaced[index] = text;
                    segments[index] = segments[index] with { Text = text.AsMemory() };
                    break;
                case ContentChange.RemoveTool(var name) when _tools.Any(tool => tool.Name == name):
                    removed = removed.Add(name);
                    break;
                case ContentChange.SetNumber or ContentChange.SetFlag when JsonMembers.CanSet(Tree, change):
                    members = members.Add(change);
                    break;
                default:
                    throw new ArgumentException($"The change {change?.GetType().Name} cannot be made here.", nameof(changes));
            }
        }

        return new JsonContent(this, segments, replaced, removed, members);
    }

    public override ReadOnlyMemory<byte> ToUtf8() => _rendered ??= Render();

    private ReadOnlyMemory<byte> Render()
    {
        if (_replaced is null && _removedTools.IsEmpty && _members.IsEmpty)
        {
            return _parts[0].Tree.Utf8;
        }

        var edits = new JsonEdits?[_parts.Length];
        for (var i = 0; _replaced is not null && i < _replaced.Length; i++)
        {
            if (_replaced[i] is { } text)
            {
                (edits[_slots[i].Part] ??= new JsonEdits(_parts[_slots[i].Part].Tree)).ReplaceText(_slots[i].Node, text);
            }
        }

        // Inner documents come after the ones that hold them, so the way back is from the last to the first.
        for (var part = _parts.Length - 1; part > 0; part--)
        {
            if (edits[part] is { } inner)
            {
                var holder = _parts[part].Parent;
                (edits[holder] ??= new JsonEdits(_parts[holder].Tree))
                    .ReplaceText(_parts[part].Node, System.Text.Encoding.UTF8.GetString(inner.Render().Span));
            }
        }

        var root = edits[0] ??= new JsonEdits(_parts[0].Tree);
        RemoveTools(root);
        _members.Write(Tree, root);
        return root.Render();
    }

    private void RemoveTools(JsonEdits root)
    {
        if (_removedTools.IsEmpty)
        {
            return;
        }

        foreach (var list in _tools.GroupBy(tool => Tree[tool.Element].Parent))
        {
            var gone = list.Where(tool => _removedTools.Contains(tool.Name)).Select(tool => tool.Element).ToList();
            if (gone.Count == Tree.Elements(list.Key).Count())
            {
                // Providers refuse an empty list of tools, and a choice among none.
                RemoveMember(root, list.Key);
                RemoveMember(root, Tree.Find(0, "tool_choice"));
                RemoveMember(root, Tree.Find(0, "parallel_tool_calls"));
                continue;
            }

            gone.ForEach(root.RemoveElement);
        }
    }

    private static void RemoveMember(JsonEdits edits, int value)
    {
        if (value > 0)
        {
            edits.RemoveMember(value - 1);
        }
    }
}
