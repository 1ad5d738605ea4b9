using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;
using AgentGate.Kernel.Decisions;

namespace AgentGate.Content;

/// <summary>Numbers and flags that a guard set in the root object beside its segments. Immutable.</summary>
internal sealed class JsonMembers
{
    private readonly ImmutableList<ContentChange> _set;

    private JsonMembers(ImmutableList<ContentChange> set) => _set = set;

    public static JsonMembers None { get; } = new([]);

    public bool IsEmpty => _set.IsEmpty;

    /// <summary>These and more; <see langword="null"/> when a change is of another sort, so that the caller goes the long way.</summary>
    /// <exception cref="ArgumentException">A change cannot be made here.</exception>
    public JsonMembers? With(JsonTree tree, ImmutableArray<ContentChange> changes)
    {
        if (changes.IsEmpty || !changes.All(change => change is ContentChange.SetNumber or ContentChange.SetFlag))
        {
            return null;
        }

        return changes.All(change => CanSet(tree, change))
            ? changes.Aggregate(this, (members, change) => members.Add(change))
            : throw new ArgumentException("A member cannot be set here.", nameof(changes));
    }

    /// <summary>Adds one change; the last one for a member counts.</summary>
    public JsonMembers Add(ContentChange change) => new(_set.RemoveAll(before => KeyOf(before) == KeyOf(change)).Add(change));

    /// <summary>Whether the root object can take a change: what stands there may only be of the same sort, or nothing.</summary>
    public static bool CanSet(JsonTree tree, ContentChange change)
    {
        switch (change)
        {
            case ContentChange.SetNumber(var member, >= 0) when tree.IsObject(0) && JsonEdits.CanQuote(member):
                var number = tree.Find(0, member);
                return tree.IsNullOrAbsent(number) || tree[number].Type == JsonTokenType.Number;
            case ContentChange.SetFlag(var holder, var flag) when tree.IsObject(0) && JsonEdits.CanQuote(holder) && JsonEdits.CanQuote(flag):
                var node = tree.Find(0, holder);
                var value = tree.Find(node, flag);
                return tree.IsNullOrAbsent(node)
                    || (tree.IsObject(node) && (tree.IsNullOrAbsent(value) || tree[value].Type is JsonTokenType.True or JsonTokenType.False));
            default:
                return false;
        }
    }

    /// <summary>Writes what was set into the edits of the root document.</summary>
    public void Write(JsonTree tree, JsonEdits edits)
    {
        foreach (var change in _set)
        {
            switch (change)
            {
                case ContentChange.SetNumber(var member, var value):
                    Set(tree, edits, 0, member, Encoding.UTF8.GetBytes(value.ToString(CultureInfo.InvariantCulture)));
                    break;
                case ContentChange.SetFlag(var holder, var flag) when tree.IsObject(tree.Find(0, holder)):
                    Set(tree, edits, tree.Find(0, holder), flag, "true"u8);
                    break;
                case ContentChange.SetFlag(var holder, var flag):
                    Set(tree, edits, 0, holder, [(byte)'{', .. JsonEdits.Quote(flag), .. ":true}"u8]);
                    break;
            }
        }
    }

    private static void Set(JsonTree tree, JsonEdits edits, int holder, string name, ReadOnlySpan<byte> value)
    {
        if (tree.Find(holder, name) is >= 0 and var node)
        {
            edits.Replace(node, value);
        }
        else
        {
            edits.Append(holder, [.. JsonEdits.Quote(name), (byte)':', .. value]);
        }
    }

    private static (string, string) KeyOf(ContentChange change) => change switch
    {
        ContentChange.SetNumber(var member, _) => (member, ""),
        ContentChange.SetFlag(var holder, var flag) => (holder, flag),
        _ => throw new ArgumentException("Not a member.", nameof(change)),
    };
}
