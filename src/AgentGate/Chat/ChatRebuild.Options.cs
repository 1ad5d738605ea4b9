using System.Text.Json;
using Microsoft.Extensions.AI;

namespace AgentGate.Chat;

internal sealed partial class ChatRebuild
{
    /// <summary>The options to send.</summary>
    /// <param name="source">The options as given.</param>
    /// <param name="declared">The tools that are left, by name.</param>
    public ChatOptions? Options(ChatOptions? source, IReadOnlySet<string> declared)
    {
        if (ReferenceEquals(before, after))
        {
            return source;
        }

        var bound = after.Find(0, ChatOutput.Member);
        var limit = bound >= 0 && int.TryParse(after.Raw(bound), out var tokens) ? tokens : default(int?);
        if (source is null)
        {
            return limit is null ? null : new ChatOptions { MaxOutputTokens = limit };
        }

        var options = source.Clone();
        options.MaxOutputTokens = limit ?? source.MaxOutputTokens;
        options.ModelId = source.ModelId is null ? null : after.FindText(0, "model");
        options.ConversationId = after.FindText(0, "conversation");
        options.Instructions = after.FindText(0, "instructions");
        options.StopSequences = source.StopSequences is null
            ? null
            : [.. after.Elements(after.Find(0, "stop")).Select(stop => after.TextSpan(stop).ToString())];
        options.AdditionalProperties = Properties(source.AdditionalProperties, 0, 0);
        options.ResponseFormat = Format(source.ResponseFormat);
        Tools(source, options, declared);

        // A seed that looked like personal data cannot be sent as a token; the provider picks its own.
        var seed = after.Find(0, "seed");
        options.Seed = seed >= 0 && after[seed].Type == JsonTokenType.Number ? source.Seed : null;
        return options;
    }

    private void Tools(ChatOptions source, ChatOptions options, IReadOnlySet<string> declared)
    {
        if (source.Tools is not { Count: > 0 } tools)
        {
            return;
        }

        var was = before.Elements(before.Find(0, "tools"));
        var left = tools.Zip(was).Where(pair => pair.First is not AIFunctionDeclaration || declared.Contains(pair.First.Name)).ToList();
        options.Tools = [.. left.Zip(after.Elements(after.Find(0, "tools")), (pair, now) => Tool(pair.First, pair.Second, now))];
        var choice = after.Find(0, "tool_choice");
        options.ToolMode = options.Tools.Count == 0 && choice < 0 ? null
            : source.ToolMode is RequiredChatToolMode { RequiredFunctionName: not null }
                ? ChatToolMode.RequireSpecific(after.FindText(choice, "name")!)
                : source.ToolMode;
        if (options.Tools.Count == 0)
        {
            options.Tools = null;
        }
    }

    private AITool Tool(AITool source, int was, int now)
        => Same(was, now) || source is not AIFunctionDeclaration function
            ? source
            : new RewrittenFunction(
                function,
                after.FindText(now, "name") ?? function.Name,
                after.FindText(now, "description") ?? function.Description,
                Element(after.Find(now, "parameters")) ?? function.JsonSchema,
                Element(after.Find(now, "returns")),
                Properties(function, was, now));

    private IReadOnlyDictionary<string, object?> Properties(AIFunctionDeclaration function, int was, int now)
        => function.AdditionalProperties.Count == 0
            ? function.AdditionalProperties
            : Dictionary(Values(function.AdditionalProperties, was, now, "properties", freeze: false));

    private ChatResponseFormat? Format(ChatResponseFormat? source)
    {
        var now = after.Find(0, "response_format");
        return source is not ChatResponseFormatJson || Same(before.Find(0, "response_format"), now) ? source
            : Element(after.Find(now, "schema")) is { } schema
                ? ChatResponseFormat.ForJsonSchema(schema, after.FindText(now, "name"), after.FindText(now, "description"))
                : source;
    }

    private JsonElement? Element(int node) => node < 0 ? null : JsonElement.Parse(after.Raw(node));
}
