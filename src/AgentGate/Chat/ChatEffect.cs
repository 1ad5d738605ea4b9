using System.Runtime.CompilerServices;
using AgentGate.Content;
using AgentGate.Diagnostics;
using AgentGate.Kernel.Decisions;
using AgentGate.Pipeline;
using Microsoft.Extensions.AI;

namespace AgentGate.Chat;

/// <summary>The effect of a chat call in process: the inner client gets what the permit holds.</summary>
internal sealed class ChatEffect(IChatClient inner, ChatTurn turn) : IEffect
{
    private Task<ChatResponse>? _asked;

    /// <summary>The answer's objects, once there.</summary>
    public ChatResponse? Response { get; private set; }

    /// <summary>The streamed answer, once opened.</summary>
    public ChatUpdateStream? Stream { get; private set; }

    /// <summary>What the inner client threw. Read from its task: the gate alone catches.</summary>
    public Exception? Cause => Stream?.Cause ?? CauseOf(_asked);

    public async ValueTask<EffectResult> RunAsync(Permit permit, CancellationToken cancellationToken)
    {
        var (messages, options) = turn.Use(permit);
        if (turn.Call.Context.Streaming)
        {
            Stream = new ChatUpdateStream(OpenAsync(messages, options, cancellationToken), cancellationToken);
            return new EffectResult.Streamed(Stream);
        }

        _asked = AskAsync(messages, options, cancellationToken);
        Response = await _asked;
        var (tree, fault) = ChatDocument.Answer(Response);
        return tree is null
            ? new EffectResult.Failed(Invalid(fault!))
            : new EffectResult.Complete(new ChatReading(tree, turn.Call.Targets[0].Provider).Answer()) { Usage = UsageOf(Response.Usage) };
    }

    public static Usage? UsageOf(UsageDetails? usage)
        => usage is null or { InputTokenCount: null, OutputTokenCount: null } ? null : new Usage(usage.InputTokenCount ?? 0, usage.OutputTokenCount ?? 0)
        {
            CachedInputTokens = usage.CachedInputTokenCount ?? 0,
            ReasoningTokens = usage.ReasoningTokenCount ?? 0,
        };

    /// <summary>Two reports of one answer: they add up, as they do in a response made of updates.</summary>
    public static Usage? Sum(Usage? before, Usage? more)
        => before is null || more is null ? more ?? before : before with
        {
            InputTokens = before.InputTokens + more.InputTokens,
            OutputTokens = before.OutputTokens + more.OutputTokens,
            CachedInputTokens = before.CachedInputTokens + more.CachedInputTokens,
            ReasoningTokens = before.ReasoningTokens + more.ReasoningTokens,
        };

    /// <summary>What a task failed with, or <see langword="null"/>.</summary>
    public static Exception? CauseOf(Task? task)
        => task is { IsCanceled: true } ? new TaskCanceledException(task) : task?.Exception?.InnerException;

    private static Denial Invalid(JsonFault fault)
        => new(Codes.UpstreamInvalid, $"The provider's answer cannot be read strictly ({fault.Code}); nothing of it was kept.", DenialKind.Upstream);

    private async Task<ChatResponse> AskAsync(List<ChatMessage> messages, ChatOptions? options, CancellationToken cancellationToken)
        => await inner.GetResponseAsync(messages, options, cancellationToken);

    // An iterator of our own, so that a client that throws before its first update is met in the stream like any other.
    private async IAsyncEnumerable<ChatResponseUpdate> OpenAsync(
        List<ChatMessage> messages, ChatOptions? options, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var update in inner.GetStreamingResponseAsync(messages, options, cancellationToken))
        {
            yield return update;
        }
    }
}
