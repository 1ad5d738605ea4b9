using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace AgentGate.Tests.Chat;

/// <summary>A chat client that remembers what it was sent and answers what the test says.</summary>
internal sealed class ScriptedClient : IChatClient
{
    public List<IReadOnlyList<ChatMessage>> Sent { get; } = [];

    public List<ChatOptions?> SentOptions { get; } = [];

    /// <summary>The answer; by default an echo of the last message.</summary>
    public Func<IReadOnlyList<ChatMessage>, ChatResponse> Answer { get; init; } =
        messages => new ChatResponse(new ChatMessage(ChatRole.Assistant, "You said: " + messages[^1].Text));

    /// <summary>The updates; by default the answer's.</summary>
    public Func<IReadOnlyList<ChatMessage>, IEnumerable<ChatResponseUpdate>>? Updates { get; init; }

    /// <summary>Runs before the answer, and before each update.</summary>
    public Func<CancellationToken, Task> Before { get; init; } = _ => Task.CompletedTask;

    public async Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        Receive(messages, options);
        await Before(cancellationToken);
        return Answer(Sent[^1]);
    }

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        Receive(messages, options);
        foreach (var update in Updates?.Invoke(Sent[^1]) ?? Answer(Sent[^1]).ToChatResponseUpdates())
        {
            await Before(cancellationToken);
            yield return update;
        }
    }

    public object? GetService(Type serviceType, object? serviceKey = null)
        => serviceType == typeof(ChatClientMetadata) ? new ChatClientMetadata("scripted") : null;

    public void Dispose()
    {
    }

    private void Receive(IEnumerable<ChatMessage> messages, ChatOptions? options)
    {
        Sent.Add([.. messages]);
        SentOptions.Add(options);
    }
}
