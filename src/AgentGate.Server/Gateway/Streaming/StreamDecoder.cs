using System.Collections.Frozen;
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
    /// <summary>The most bytes an answer may leave here for later; a whole answer may be no larger by default.</summary>
    internal const int KeptBytesMax = 32 * 1024 * 1024;

    /// <summary>The most tool calls of an answer, and the most channels, choices and unfinished calls at one time.</summary>
    internal const int KeptMax = 1024;

    private readonly Queue<SseFrame> _ready = new();
    private long _keptBytes;
    private int _calls;

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

    /// <summary>Counts bytes that stay here until a later event; tool input counts to the end, since rulings are remembered.</summary>
    /// <exception cref="InvalidDataException">There are too many.</exception>
    protected void Keep(long bytes)
    {
        _keptBytes += bytes;
        if (_keptBytes > KeptBytesMax)
        {
            throw new InvalidDataException($"The provider's stream leaves more than {KeptBytesMax} bytes unfinished.");
        }
    }

    /// <summary>Refuses more things of one kind than an answer may hold.</summary>
    /// <exception cref="InvalidDataException">There are too many.</exception>
    protected static void Bound(int count)
    {
        if (count > KeptMax)
        {
            throw new InvalidDataException($"The provider's stream holds more than {KeptMax} parts of one kind.");
        }
    }

    /// <summary>Adds a complete tool call to a frame.</summary>
    protected void AddCall(SseFrame frame, HeldToolCall call)
    {
        Bound(++_calls);
        frame.ToolCalls.Add(call);
    }

    /// <summary>The event's data as a strictly read tree.</summary>
    /// <param name="data">The data.</param>
    /// <param name="known">The names the protocol knows.</param>
    /// <param name="freeForm">Those whose values are the model's own.</param>
    protected static JsonTree Parse(ReadOnlyMemory<byte> data, FrozenSet<string> known, FrozenSet<string> freeForm)
    {
        // The reader's buffer is reused, the tree keeps its bytes.
        var tree = JsonTreeParser.Parse(data.ToArray(), JsonLimits.Default, out var fault);
        if (tree is not { Count: > 0 } || !tree.IsObject(0))
        {
            throw new InvalidDataException($"The provider's stream holds an event that is not a JSON object ({fault?.Code}).");
        }

        var names = new DocumentReading(tree);
        names.CheckNames(0, known, freeForm);
        return names.Fault is null
            ? tree
            : throw new InvalidDataException($"The provider's stream holds an event with names that could be read in two ways ({names.Fault.Code}).");
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
