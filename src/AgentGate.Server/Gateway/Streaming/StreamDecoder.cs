using AgentGate.Content;
using AgentGate.Kernel.Decisions;
using AgentGate.Pipeline;
using AgentGate.Server.Providers.Sse;

namespace AgentGate.Server.Gateway.Streaming;

/// <summary>
/// Reads one provider's event stream into frames: names the channels, holds tool calls back until they are complete,
/// marks the last event. Translates; checks nothing.
/// </summary>
internal abstract class StreamDecoder
{
    private readonly Queue<SseFrame> _ready = new();

    /// <summary>What the provider says it consumed, as far as known.</summary>
    public Usage? Usage { get; protected set; }

    /// <summary>The provider's id of the answer, where a later request may continue it.</summary>
    public string? ResponseId { get; protected set; }

    /// <summary>Reads an event.</summary>
    /// <exception cref="InvalidDataException">The event is not what the protocol says.</exception>
    public abstract void Read(SseEvent received);

    public bool TryTake(out SseFrame? frame) => _ready.TryDequeue(out frame);

    /// <summary>Writes rulings on the tool calls of a frame, and the frame itself, as events for the caller.</summary>
    public abstract IEnumerable<OutputEvent> Write(SseFrame frame, IReadOnlyList<(HeldToolCall Call, Chat.ToolCallRuling Ruling)> rulings);

    /// <summary>The events that end the stream with a denial in the protocol's own way.</summary>
    public abstract IEnumerable<OutputEvent> Deny(Denial denial);

    protected void Emit(SseFrame frame) => _ready.Enqueue(frame);

    /// <summary>The event's data as a strictly read tree.</summary>
    protected static JsonTree Parse(ReadOnlyMemory<byte> data)
    {
        // The reader's buffer is reused, the tree keeps its bytes.
        var tree = JsonTreeParser.Parse(data.ToArray(), JsonLimits.Default, out var fault);
        return tree is { Count: > 0 } && tree.IsObject(0)
            ? tree
            : throw new InvalidDataException($"The provider's stream holds an event that is not a JSON object ({fault?.Code}).");
    }

    /// <summary>A frame over an event. Strings that are not deltas are complete texts of their own.</summary>
    /// <param name="name">The event's name.</param>
    /// <param name="reading">The roles.</param>
    /// <param name="deltas">The nodes that continue a channel.</param>
    protected static SseFrame Frame(string? name, DocumentReading reading, params ReadOnlySpan<(int Node, string Channel, SegmentRole Role)> deltas)
    {
        var content = JsonContentReader.ReadAnswer(reading, JsonLimits.Default);
        if (reading.Fault is { } fault)
        {
            throw new InvalidDataException($"The provider's stream holds an event that is not what its protocol says ({fault.Code}).");
        }

        var frame = new SseFrame(name, reading.Tree.Utf8, content);
        foreach (ref readonly var segment in content.Segments)
        {
            // What no guard can read is judged by its kind, below.
            if (segment.Kind is SegmentKind.Number or SegmentKind.Unread)
            {
                continue;
            }

            var node = content.RootNodeOf(segment.Index);
            var (channel, role, isDelta) = (string.Empty, segment.Role, false);
            foreach (var delta in deltas)
            {
                if (delta.Node == node)
                {
                    (channel, role, isDelta) = (delta.Channel, delta.Role, true);
                }
            }

            frame.Add(new StreamSegment(channel, role, segment.Kind, segment.Text, Final: false, Whole: !isDelta), segment.Index);
        }

        foreach (var kind in content.UnreadKinds)
        {
            frame.Add(new StreamSegment(string.Empty, SegmentRole.Assistant, SegmentKind.Unread, kind.AsMemory(), Final: false, Whole: true), -1);
        }

        return frame;
    }

    protected static int Number(JsonTree tree, int obj, ReadOnlySpan<char> name)
        => tree.Find(obj, name) is var node && node >= 0 && int.TryParse(tree.Raw(node), out var number) ? number : 0;
}
