using System.Text;
using System.Text.Json;
using Anthropic;
using Anthropic.Models.Messages;
using Anthropic.Services;

namespace AgentGate.Integration.Tests.Clients;

/// <summary>Anthropic's SDK at <c>/v1/messages</c>.</summary>
internal sealed class MessagesModelClient(string url, string key, HttpClient http, int? retries) : ModelClient
{
    private readonly IMessageService _messages = new AnthropicClient { BaseUrl = url, ApiKey = key, HttpClient = http, MaxRetries = retries }.Messages;

    protected override async Task<Answer> WholeAsync(Question question, CancellationToken cancellationToken)
    {
        var message = await _messages.Create(Parameters(question), cancellationToken);
        var text = new StringBuilder();
        var tools = new List<ToolUse>();
        foreach (var block in message.Content)
        {
            if (block.TryPickText(out var said))
            {
                text.Append(said.Text);
            }
            else if (block.TryPickToolUse(out var use))
            {
                tools.Add(new ToolUse(use.ID, use.Name, JsonSerializer.Serialize(use.Input)));
            }
        }

        return new Answer(
            message.ID, text.ToString(), tools, message.StopReason?.Raw() ?? "", message.Usage.InputTokens, message.Usage.OutputTokens);
    }

    protected override async Task<Answer> StreamAsync(Question question, Action<string> onText, CancellationToken cancellationToken)
    {
        var text = new StringBuilder();
        var tools = new SortedDictionary<long, (string Id, string Name, StringBuilder Input)>();
        var (id, finish, input, output) = ("", "", 0L, 0L);
        await foreach (var next in _messages.CreateStreaming(Parameters(question), cancellationToken))
        {
            if (next.TryPickStart(out var start))
            {
                (id, input) = (start.Message.ID, start.Message.Usage.InputTokens);
            }
            else if (next.TryPickContentBlockStart(out var block) && block.ContentBlock.TryPickToolUse(out var use))
            {
                tools[block.Index] = (use.ID, use.Name, new StringBuilder());
            }
            else if (next.TryPickContentBlockDelta(out var delta) && delta.Delta.TryPickText(out var said))
            {
                text.Append(said.Text);
                onText(said.Text);
            }
            else if (next.TryPickContentBlockDelta(out delta) && delta.Delta.TryPickInputJson(out var json))
            {
                tools[delta.Index].Input.Append(json.PartialJson);
            }
            else if (next.TryPickDelta(out var end))
            {
                (finish, output) = (end.Delta.StopReason?.Raw() ?? finish, end.Usage.OutputTokens);
            }
        }

        return new Answer(
            id, text.ToString(), [.. tools.Values.Select(tool => new ToolUse(tool.Id, tool.Name, tool.Input.ToString()))], finish, input, output);
    }

    private static MessageCreateParams Parameters(Question question) => new()
    {
        Model = question.Model,
        MaxTokens = 1_000,
        Messages = [.. question.Turns.Select(Message)],
        Tools = [.. question.Tools.Select(name => (ToolUnion)new Tool { Name = name, Description = "A tool.", InputSchema = new InputSchema() })],
    };

    private static MessageParam Message(Turn turn) => turn switch
    {
        Turn.User(var text) => new UserMessageParam(text),
        Turn.Picture(var text, var png) => new UserMessageParam(new List<ContentBlockParam>
        {
            new TextBlockParam(text),
            new ImageBlockParam(new Base64ImageSource { Data = Convert.ToBase64String(png), MediaType = MediaType.ImagePng }),
        }),
        Turn.ToolResult(var id, var text) => new UserMessageParam(new List<ContentBlockParam> { new ToolResultBlockParam(id) { Content = text } }),
        Turn.Assistant({ Tools.Count: > 0 } answer) => new AssistantMessageParam(
            answer.Tools.Select(tool => (ContentBlockParam)new ToolUseBlockParam
            {
                ID = tool.Id,
                Name = tool.Name,
                Input = JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(tool.Arguments)!,
            }).ToList()),
        _ => new AssistantMessageParam(((Turn.Assistant)turn).Answer.Text),
    };
}
