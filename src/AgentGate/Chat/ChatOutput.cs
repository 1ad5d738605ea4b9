using AgentGate.Kernel.Decisions;
using Microsoft.Extensions.AI;

namespace AgentGate.Chat;

/// <summary>Reads what a chat call in process lets the model produce. Checks nothing.</summary>
internal static class ChatOutput
{
    /// <summary>The member of this door's document that bounds the answer; it becomes <see cref="ChatOptions.MaxOutputTokens"/>.</summary>
    public const string Member = "max_output_tokens";

    public static OutputDemand Of(IReadOnlyList<ChatMessage> messages, ChatOptions? options) => new()
    {
        TokensMax = options?.MaxOutputTokens,
        Members = options?.MaxOutputTokens is null ? [] : [Member],
        Member = Member,
        Unbounded = [.. Unbounded(messages, options)],
    };

    private static IEnumerable<string> Unbounded(IReadOnlyList<ChatMessage> messages, ChatOptions? options)
    {
        if (options?.ConversationId is not null || messages.Any(message => message.Contents.Any(content => content is UriContent or HostedFileContent)))
        {
            yield return "context";
        }

        if (options?.Tools?.Any(tool => tool is not AIFunctionDeclaration) is true)
        {
            yield return "provider_tool";
        }

        // The adapter's own request object may set any bound of its own, and adapters prefer it to the options.
        if (options?.RawRepresentationFactory is not null)
        {
            yield return "raw_request";
        }
    }
}
