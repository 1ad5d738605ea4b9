using AgentGate.Content;
using AgentGate.Kernel.Decisions;
using AgentGate.Pipeline;
using Microsoft.Extensions.AI;

namespace AgentGate.Chat;

/// <summary>One update of a streamed answer on its way through the gate; without an update, the end of the stream.</summary>
internal sealed class ChatUpdateFrame(ChatResponseUpdate? update, JsonContent? content) : StreamFrame
{
    private readonly List<StreamSegment> _segments = [];
    private readonly List<(int Segment, ChatResponseUpdate? Like)> _slots = [];
    private readonly List<ContentChange> _changes = [];
    private readonly List<ChatResponseUpdate> _flushed = [];

    public override IReadOnlyList<StreamSegment> Segments => _segments;

    public override bool IsLast => update is null;

    /// <summary>The arguments of function calls, which come in one piece.</summary>
    internal override IEnumerable<string> HeldTexts
        => _segments.Where(segment => segment is { Whole: true, Role: SegmentRole.ToolArguments }).Select(segment => segment.Text.ToString());

    /// <summary>Adds the end of a channel: what a guard held back becomes an update before this one.</summary>
    /// <param name="channel">The channel.</param>
    /// <param name="like">The channel's last update, which the new one resembles.</param>
    public void AddEnd(string channel, ChatResponseUpdate like)
    {
        _segments.Add(new StreamSegment(channel, SegmentRole.Assistant, SegmentKind.Text, default, Final: true, Whole: false));
        _slots.Add((-1, like));
    }

    /// <summary>Adds the pieces of the update itself: texts continue the channel, every other string is complete.</summary>
    /// <param name="channel">The channel of the update's texts.</param>
    /// <param name="ends">Whether the channel ends with the update.</param>
    public void AddPieces(string channel, bool ends)
    {
        var texts = content!.Tree.Elements(content.Tree.Find(0, "contents"))
            .Where(node => content.Tree.TextIs(content.Tree.Find(node, "type"), ChatContentTypes.Text))
            .Select(node => content.Tree.Find(node, "text")).ToList();
        foreach (ref readonly var segment in content.Segments)
        {
            if (segment.Kind is SegmentKind.Number or SegmentKind.Unread)
            {
                continue;
            }

            var node = content.RootNodeOf(segment.Index);
            var isText = node >= 0 && texts.Contains(node);
            _segments.Add(new StreamSegment(
                isText ? channel : string.Empty, segment.Role, segment.Kind, segment.Text, Final: isText && ends && node == texts[^1], Whole: !isText));
            _slots.Add((segment.Index, null));
        }

        foreach (var kind in content.UnreadKinds)
        {
            _segments.Add(new StreamSegment(string.Empty, SegmentRole.Assistant, SegmentKind.Unread, kind.AsMemory(), Final: false, Whole: true));
            _slots.Add((-1, null));
        }
    }

    public override void Replace(int index, string text)
    {
        var (segment, like) = _slots[index];
        if (like is null)
        {
            _changes.Add(new ContentChange.ReplaceText(segment, text));
        }
        else if (text.Length > 0)
        {
            var flushed = like.Clone();
            flushed.RawRepresentation = null;
            flushed.AdditionalProperties = null;
            flushed.Contents = [new TextContent(text)];
            _flushed.Add(flushed);
        }
    }

    /// <summary>The updates as they go on.</summary>
    public IEnumerable<ChatResponseUpdate> ToUpdates()
    {
        foreach (var flushed in _flushed)
        {
            yield return flushed;
        }

        if (update is not null)
        {
            yield return ChatRebuild.Of((JsonContent)content!.Apply([.. _changes])).Update(update);
        }
    }
}
