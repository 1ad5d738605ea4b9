using System.Collections.Immutable;
using AgentGate.Content;
using AgentGate.Kernel.Decisions;
using AgentGate.Pipeline;

namespace AgentGate.Server.Gateway.Streaming;

/// <summary>One event of a provider's stream as it goes through the gate, with the tool calls that are complete by it.</summary>
internal sealed class SseFrame(string? name, ReadOnlyMemory<byte> raw, JsonContent? content) : StreamFrame
{
    private readonly List<StreamSegment> _segments = [];
    private readonly List<(int Segment, Func<string, OutputEvent>? Flush)> _slots = [];
    private readonly List<ContentChange> _changes = [];
    private bool _isLast;

    /// <summary>The event's name.</summary>
    public string? Name { get; } = name;

    /// <summary>The parsed data, or <see langword="null"/> for data that is not JSON (<c>[DONE]</c>).</summary>
    public JsonContent? Content { get; } = content;

    public JsonTree Tree => Content!.Tree;

    public override IReadOnlyList<StreamSegment> Segments => _segments;

    public override bool IsLast => _isLast;

    /// <summary>Text a guard had held back, as events that go before this one.</summary>
    public List<OutputEvent> Flushed { get; } = [];

    /// <summary>The tool calls complete by this event; they are decided before it goes on.</summary>
    public List<HeldToolCall> ToolCalls { get; } = [];

    /// <summary>The tool calls that are said here for the first time; a last event that repeats the answer gives them no place.</summary>
    internal override IEnumerable<string> HeldTexts
        => ToolCalls.Where(call => call.Position >= 0).SelectMany(call => (string[])[call.Proposed.Name, call.Proposed.Input]);

    public SseFrame Last()
    {
        _isLast = true;
        return this;
    }

    /// <summary>Adds a piece whose text lies in the event.</summary>
    public void Add(StreamSegment segment, int contentSegment)
    {
        _segments.Add(segment);
        _slots.Add((contentSegment, null));
    }

    /// <summary>Adds the end of a channel: what a guard held back becomes an event before this one.</summary>
    public void AddEnd(string channel, SegmentRole role, Func<string, OutputEvent> flush)
    {
        _segments.Add(new StreamSegment(channel, role, SegmentKind.Text, default, Final: true, Whole: false));
        _slots.Add((-1, flush));
    }

    public override void Replace(int index, string text)
    {
        var (segment, flush) = _slots[index];
        if (!JsonEdits.CanQuote(text))
        {
            throw new ArgumentException("The text cannot stand in JSON.", nameof(text));
        }

        if (flush is not null)
        {
            if (text.Length > 0)
            {
                Flushed.Add(flush(text));
            }
        }
        else
        {
            _changes.Add(new ContentChange.ReplaceText(segment, text));
        }
    }

    /// <summary>The event as it goes on.</summary>
    public OutputEvent ToOutput()
        => new(Name, _changes.Count == 0 ? raw : ((JsonContent)Content!.Apply(_changes.ToImmutableArray())).ToUtf8());
}
