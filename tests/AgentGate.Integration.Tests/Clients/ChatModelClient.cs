using System.ClientModel;
using System.ClientModel.Primitives;
using System.Text;
using OpenAI;
using OpenAI.Chat;

namespace AgentGate.Integration.Tests.Clients;

/// <summary>OpenAI's SDK at <c>/v1/chat/completions</c>.</summary>
internal sealed class ChatModelClient(string url, string key, HttpClient http, int? retries) : ModelClient
{
    private readonly OpenAIClient _client = new(
        new ApiKeyCredential(key),
        new OpenAIClientOptions
        {
            Endpoint = new Uri(url + "/v1"),
            Transport = new HttpClientPipelineTransport(http),
            RetryPolicy = retries is { } times ? new ClientRetryPolicy(times) : null,
        });

    protected override async Task<Answer> WholeAsync(Question question, CancellationToken cancellationToken)
    {
        ChatCompletion answer = await _client.GetChatClient(question.Model).CompleteChatAsync(Messages(question), Options(question), cancellationToken);
        return new Answer(
            answer.Id,
            string.Concat(answer.Content.Select(part => part.Text)),
            [.. answer.ToolCalls.Select(call => new ToolUse(call.Id, call.FunctionName, call.FunctionArguments.ToString()))],
            answer.FinishReason.ToString(),
            answer.Usage.InputTokenCount,
            answer.Usage.OutputTokenCount);
    }

    protected override async Task<Answer> StreamAsync(Question question, Action<string> onText, CancellationToken cancellationToken)
    {
        var text = new StringBuilder();
        var tools = new SortedDictionary<int, (string Id, string Name, StringBuilder Arguments)>();
        var (id, finish, input, output) = ("", "", 0, 0);
        await foreach (var update in _client.GetChatClient(question.Model).CompleteChatStreamingAsync(Messages(question), Options(question), cancellationToken))
        {
            id = update.CompletionId;
            foreach (var part in update.ContentUpdate)
            {
                text.Append(part.Text);
                onText(part.Text);
            }

            foreach (var call in update.ToolCallUpdates)
            {
                var known = tools.TryGetValue(call.Index, out var found) ? found : (Id: "", Name: "", Arguments: new StringBuilder());
                known.Arguments.Append(call.FunctionArgumentsUpdate);
                tools[call.Index] = (known.Id + call.ToolCallId, known.Name + call.FunctionName, known.Arguments);
            }

            finish = update.FinishReason?.ToString() ?? finish;
            (input, output) = update.Usage is { } usage ? (usage.InputTokenCount, usage.OutputTokenCount) : (input, output);
        }

        return new Answer(
            id, text.ToString(), [.. tools.Values.Select(call => new ToolUse(call.Id, call.Name, call.Arguments.ToString()))], finish, input, output);
    }

    private static ChatCompletionOptions Options(Question question)
    {
        var options = new ChatCompletionOptions();
        foreach (var tool in question.Tools)
        {
            options.Tools.Add(ChatTool.CreateFunctionTool(tool, "A tool.", AnyObject));
        }

        return options;
    }

    private static List<ChatMessage> Messages(Question question) => [.. question.Turns.Select(Message)];

    private static ChatMessage Message(Turn turn)
    {
        switch (turn)
        {
            case Turn.User(var text):
                return new UserChatMessage(text);
            case Turn.Picture(var text, var png):
                return new UserChatMessage(
                    ChatMessageContentPart.CreateTextPart(text), ChatMessageContentPart.CreateImagePart(BinaryData.FromBytes(png), "image/png"));
            case Turn.ToolResult(var id, var text):
                return new ToolChatMessage(id, text);
            default:
                var answer = ((Turn.Assistant)turn).Answer;
                if (answer.Tools.Count == 0)
                {
                    return new AssistantChatMessage(answer.Text);
                }

                return new AssistantChatMessage(
                    answer.Tools.Select(tool => ChatToolCall.CreateFunctionToolCall(tool.Id, tool.Name, BinaryData.FromString(tool.Arguments))));
        }
    }
}
