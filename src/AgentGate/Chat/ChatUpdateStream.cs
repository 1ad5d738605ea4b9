using AgentGate.Kernel.Decisions;
using AgentGate.Pipeline;
using Microsoft.Extensions.AI;

namespace AgentGate.Chat;

/// <summary>
/// The updates of a chat client as the gate reads them. The text of one message is one channel; it ends when another
/// message, another kind of content or the finish reason comes. The end of the updates is a frame of its own, so that the
/// outcome is on record before the caller sees the end.
/// </summary>
internal sealed class ChatUpdateStream(IAsyncEnumerable<ChatResponseUpdate> updates, CancellationToken cancellation) : IEffectStream
{
    private readonly IAsyncEnumerator<ChatResponseUpdate> _updates = updates.GetAsyncEnumerator(cancellation);
    private readonly OrderedDictionary<string, ChatResponseUpdate> _open = [];
    private Action<ReadOnlyMemory<byte>>? _observe;
    private Task<bool>? _moved;
    private bool _ended;

    public Usage? Usage { get; private set; }

    /// <summary>What the inner client threw. Read from its task: the gate alone catches.</summary>
    public Exception? Cause => ChatEffect.CauseOf(_moved);

    /// <summary>The provider's id of the conversation, when a later request may continue it.</summary>
    public string? ConversationId { get; private set; }

    public void Observe(Action<ReadOnlyMemory<byte>> observe) => _observe = observe;

    public async ValueTask<StreamFrame?> ReadAsync(CancellationToken cancellationToken)
    {
        if (_ended)
        {
            return null;
        }

        _moved = _updates.MoveNextAsync().AsTask();
        if (!await _moved)
        {
            _ended = true;
            var last = new ChatUpdateFrame(null, null);
            Close(last, except: null);
            return last;
        }

        return Frame(_updates.Current);
    }

    public ValueTask DisposeAsync() => _updates.DisposeAsync();

    private ChatUpdateFrame Frame(ChatResponseUpdate update)
    {
        var (tree, fault) = ChatDocument.Update(update);
        if (tree is null)
        {
            throw new InvalidDataException($"An update of the provider's stream cannot be read strictly ({fault!.Code}).");
        }

        _observe?.Invoke(tree.Utf8);
        ConversationId = update.ConversationId ?? ConversationId;
        foreach (var reported in update.Contents.OfType<UsageContent>())
        {
            Usage = ChatEffect.Sum(Usage, ChatEffect.UsageOf(reported.Details));
        }

        var frame = new ChatUpdateFrame(update, new ChatReading(tree, "").Update());
        var channel = $"{update.MessageId}/text";
        var hasText = update.Contents.Any(content => content is TextContent);
        var ends = update.FinishReason is not null || update.Contents.Any(content => content is not (TextContent or UsageContent));
        if (hasText || ends)
        {
            Close(frame, except: hasText ? channel : null);
        }

        frame.AddPieces(channel, ends);
        if (hasText && !ends)
        {
            _open[channel] = update;
        }
        else if (hasText)
        {
            _open.Remove(channel);
        }

        return frame;
    }

    private void Close(ChatUpdateFrame frame, string? except)
    {
        foreach (var (channel, like) in _open.Where(open => open.Key != except).ToList())
        {
            frame.AddEnd(channel, like);
            _open.Remove(channel);
        }
    }
}
