using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace Sdk.Chat;

/// <summary>Stands in for a provider: says back what it got, calls the tool a message names, and prints what reached it.</summary>
internal sealed class EchoClient : IChatClient
{
    public Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
        => Task.FromResult(new ChatResponse(Answer(messages.Last(), options)));

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        // In pieces of four characters, so that a token comes in several.
        foreach (var piece in Answer(messages.Last(), options).Text.Chunk(4))
        {
            await Task.Yield();
            yield return new ChatResponseUpdate(ChatRole.Assistant, new string(piece)) { MessageId = "1" };
        }
    }

    public object? GetService(Type serviceType, object? serviceKey = null)
        => serviceType == typeof(ChatClientMetadata) ? new ChatClientMetadata("echo", null, "echo-1") : null;

    public void Dispose()
    {
    }

    private static ChatMessage Answer(ChatMessage last, ChatOptions? options)
    {
        var result = last.Contents.OfType<FunctionResultContent>().FirstOrDefault()?.Result?.ToString();
        Console.WriteLine($"   (the provider got: {result ?? last.Text})");
        return result is not null
            ? new ChatMessage(ChatRole.Assistant, "The tool said: " + result)
            : options?.Tools?.FirstOrDefault(tool => last.Text.StartsWith(tool.Name, StringComparison.Ordinal)) is { } tool
                ? new ChatMessage(ChatRole.Assistant, [new FunctionCallContent("1", tool.Name, Arguments(last.Text[tool.Name.Length..].Trim()))])
                : new ChatMessage(ChatRole.Assistant, "You said: " + last.Text);
    }

    private static Dictionary<string, object?> Arguments(string text) => new() { ["ssn"] = text };
}
