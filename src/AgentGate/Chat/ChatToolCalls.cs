using System.Text;
using AgentGate.Content;
using AgentGate.Pipeline;
using Microsoft.Extensions.AI;

namespace AgentGate.Chat;

/// <summary>Decides the tool calls in the answer to one request, and writes the rulings into its contents.</summary>
internal sealed class ChatToolCalls(ToolCallDoor tools, ChatTurn turn, CallScope scope)
{
    // What an adapter could not parse is judged as what it is: not JSON.
    private const string NotJson = "(arguments that are not JSON)";

    private int _released;
    private int _refused;

    /// <summary>The contents with every tool call released, rewritten or replaced by a refusal the model can read.</summary>
    public async ValueTask<IList<AIContent>> RuleAsync(IList<AIContent> contents, CancellationToken cancellationToken)
    {
        if (!contents.Any(content => content is FunctionCallContent))
        {
            return contents;
        }

        var ruled = new List<AIContent>(contents.Count);
        foreach (var content in contents)
        {
            ruled.Add(content is FunctionCallContent call ? await RuleAsync(call, cancellationToken) : content);
        }

        return ruled;
    }

    /// <summary>The finish reason: where every tool call was refused there is nothing to wait for.</summary>
    public ChatFinishReason? Finish(ChatFinishReason? reason)
        => reason == ChatFinishReason.ToolCalls && _refused > 0 && _released == 0 ? ChatFinishReason.Stop : reason;

    private async ValueTask<AIContent> RuleAsync(FunctionCallContent call, CancellationToken cancellationToken)
    {
        var (tree, input) = Input(call);
        var proposed = new ProposedToolCall(call.Name, input, IsJson: true, turn.Declared.Contains(call.Name));
        switch (await tools.DecideAsync(proposed, turn.Call, scope, cancellationToken))
        {
            case ToolCallRuling.Released(var released):
                _released++;
                return released == input ? call : Rewritten(call, tree!, released);
            case ToolCallRuling.Refused refused:
                _refused++;
                return new TextContent(refused.Text);
            default:
                throw new InvalidOperationException("The set of rulings is closed.");
        }
    }

    private static (JsonTree? Tree, string Input) Input(FunctionCallContent call)
    {
        if (call.Exception is not null)
        {
            return (null, NotJson);
        }

        if (call.Arguments is null)
        {
            return (null, "");
        }

        var (tree, _) = ChatDocument.Arguments(call.Arguments);
        return tree is null ? (null, NotJson) : (tree, Encoding.UTF8.GetString(tree.Raw(tree.Find(0, "arguments"))));
    }

    private static FunctionCallContent Rewritten(FunctionCallContent call, JsonTree before, string released)
    {
        var after = JsonTreeParser.Parse(Encoding.UTF8.GetBytes($"{{\"arguments\":{released}}}"), JsonLimits.Default, out _)!;
        var values = new ChatRebuild(before, after).Values(call.Arguments!, 0, 0, "arguments", freeze: true);
        return new FunctionCallContent(call.CallId, call.Name, values.ToDictionary(StringComparer.Ordinal))
        {
            InformationalOnly = call.InformationalOnly,
            AdditionalProperties = call.AdditionalProperties,
            Annotations = call.Annotations,
        };
    }
}
