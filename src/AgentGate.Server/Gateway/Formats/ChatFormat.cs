using System.Collections.Immutable;
using AgentGate.Chat;
using AgentGate.Content;
using AgentGate.Kernel.Decisions;
using AgentGate.Providers;
using AgentGate.Server.Gateway.Streaming;

namespace AgentGate.Server.Gateway.Formats;

/// <summary>OpenAI's chat completions.</summary>
internal sealed class ChatFormat : ModelFormat
{
    public override WireFormat Wire => WireFormat.OpenAIChat;

    public override void ReadRequest(RequestReading request)
    {
        var (tree, document) = (request.Tree, request.Document);
        document.CheckNames(0, Names.Chat, Names.FreeFormWithInput);
        request.ReadModel();
        request.ReadStream();
        var messages = tree.Find(0, "messages");
        document.Expect(tree.IsArray(messages), "messages", "an array");
        foreach (var message in tree.Elements(messages))
        {
            ReadMessage(request, message);
        }

        document.Role(tree.Find(0, "response_format"), SegmentRole.Definition);
        document.Role(tree.Find(0, "metadata"), SegmentRole.Metadata);
        document.Role(tree.Find(0, "user"), SegmentRole.Metadata);
        document.Role(tree.Find(0, "prediction"), SegmentRole.Assistant);
        ReadTools(request);
        if (tree.Find(0, "web_search_options") is var search && !tree.IsNullOrAbsent(search))
        {
            request.ProviderTool("openai", "web_search");
        }

        var modalities = tree.Find(0, "modalities");
        if (tree.Elements(modalities).Any(kind => tree.TextIs(kind, "audio")))
        {
            document.Unread(modalities, "audio");
        }

        OutputReading.ReadChat(request);
    }

    public override void ReadAnswer(DocumentReading answer)
    {
        var tree = answer.Tree;
        answer.CheckNames(0, Names.ChatAnswer, Names.FreeFormWithInput);
        foreach (var choice in tree.Elements(tree.Find(0, "choices")))
        {
            var message = tree.Find(choice, "message");
            answer.Role(message, SegmentRole.Assistant);
            answer.Expect(
                tree.IsNullOrAbsent(tree.Find(message, "tool_calls")) || tree.IsArray(tree.Find(message, "tool_calls")), "tool_calls", "an array");
            answer.Expect(!HoldsToolCalls(tree, tree.Find(choice, "delta")), "delta", "absent from a whole answer");
            foreach (var call in tree.Elements(tree.Find(message, "tool_calls")))
            {
                answer.Role(call, SegmentRole.ToolArguments);
            }

            answer.Role(tree.Find(message, "function_call"), SegmentRole.ToolArguments);
            if (tree.Find(message, "audio") is var audio && !tree.IsNullOrAbsent(audio))
            {
                answer.Unread(audio, "audio");
            }
        }
    }

    /// <summary>Whether an object holds tool calls of any form.</summary>
    internal static bool HoldsToolCalls(JsonTree tree, int message)
        => !tree.IsNullOrAbsent(tree.Find(message, "tool_calls")) || !tree.IsNullOrAbsent(tree.Find(message, "function_call"));

    public override IReadOnlyList<AnswerToolCall> ToolCalls(JsonTree answer, IReadOnlySet<string> declared)
    {
        var calls = new List<AnswerToolCall>();
        foreach (var choice in answer.Elements(answer.Find(0, "choices")))
        {
            var message = answer.Find(choice, "message");
            foreach (var element in answer.Elements(answer.Find(message, "tool_calls")))
            {
                // A call that is two calls at once is neither: it is judged as a tool nobody declared.
                var isCustom = answer.IsObject(answer.Find(element, "custom"));
                if (isCustom && !answer.IsNullOrAbsent(answer.Find(element, "function")))
                {
                    calls.Add(new AnswerToolCall(new ProposedToolCall("", "", IsJson: true, IsDeclared: false), element, -1, choice));
                    continue;
                }

                var body = answer.Find(element, isCustom ? "custom" : "function");
                Add(element, body, isCustom ? "input" : "arguments", !isCustom, choice);
            }

            if (answer.Find(message, "function_call") is var legacy && answer.IsObject(legacy))
            {
                Add(-1, legacy, "arguments", isJson: true, choice);
            }
        }

        return calls;

        void Add(int element, int body, string inputName, bool isJson, int choice)
        {
            var name = answer.FindText(body, "name") ?? "";
            var input = answer.Find(body, inputName);
            calls.Add(new AnswerToolCall(ToolInput.Propose(answer, name, input, isJson, declared), element, input, choice));
        }
    }

    public override void Rule(JsonTree answer, JsonEdits edits, IReadOnlyList<(AnswerToolCall Call, ToolCallRuling Ruling)> rulings)
    {
        foreach (var choice in rulings.GroupBy(ruling => ruling.Call.Choice))
        {
            var refusals = new List<string>();
            foreach (var (call, ruling) in choice)
            {
                switch (ruling)
                {
                    case ToolCallRuling.Released(var input):
                        ToolInput.Set(answer, edits, call.Input, call.Proposed.Input, input);
                        break;
                    case ToolCallRuling.Refused refused:
                        refusals.Add(refused.Text);
                        break;
                }
            }

            if (refusals.Count > 0)
            {
                Refuse(answer, edits, choice.Key, [.. choice], refusals);
            }
        }
    }

    public override Usage? ReadUsage(JsonTree answer)
        => answer.Find(0, "usage") is var usage && answer.IsObject(usage)
            ? OpenAIUsage(answer, usage, "prompt_tokens", "completion_tokens")
            : null;

    public override bool Streams => true;

    public override StreamDecoder OpenStream(IReadOnlySet<string> declared, bool hidesUsage = false) => new ChatStreamDecoder(this, declared, hidesUsage);

    private static void Refuse(
        JsonTree answer, JsonEdits edits, int choice, ImmutableArray<(AnswerToolCall Call, ToolCallRuling Ruling)> rulings, List<string> refusals)
    {
        var message = answer.Find(choice, "message");
        var content = answer.Find(message, "content");
        var text = string.Join("\n", refusals);
        if (answer.IsString(content) && answer[content].TextLength > 0)
        {
            text = answer.TextSpan(content).ToString() + "\n" + text;
        }

        if (content >= 0)
        {
            edits.ReplaceText(content, text);
        }
        else
        {
            edits.Append(message, [.. "\"content\":"u8, .. JsonEdits.Quote(text)]);
        }

        foreach (var (call, _) in rulings.Where(ruling => ruling.Ruling is ToolCallRuling.Refused))
        {
            if (call.Element < 0)
            {
                edits.RemoveMember(answer.Find(message, "function_call") - 1);
            }
            else if (rulings.All(ruling => ruling.Ruling is ToolCallRuling.Refused))
            {
                edits.RemoveMember(answer.Find(message, "tool_calls") - 1);
            }
            else
            {
                edits.RemoveElement(call.Element);
            }
        }

        var finish = answer.Find(choice, "finish_reason");
        if (finish >= 0 && rulings.All(ruling => ruling.Ruling is ToolCallRuling.Refused))
        {
            edits.ReplaceText(finish, "stop");
        }
    }

    private static void ReadMessage(RequestReading request, int message)
    {
        var (tree, document) = (request.Tree, request.Document);
        document.Expect(tree.IsObject(message), "messages", "an array of objects");
        var role = RoleOf(tree.FindText(message, "role"));
        document.Role(message, role);
        document.Role(tree.Find(message, "role"), SegmentRole.Protocol);
        document.Role(tree.Find(message, "tool_call_id"), SegmentRole.Protocol);
        document.Role(tree.Find(message, "name"), SegmentRole.Metadata);
        foreach (var part in tree.Elements(tree.Find(message, "content")))
        {
            ReadPart(request, part);
        }

        foreach (var call in tree.Elements(tree.Find(message, "tool_calls")))
        {
            document.Role(call, SegmentRole.ToolArguments);
        }

        document.Role(tree.Find(message, "function_call"), SegmentRole.ToolArguments);
        if (tree.IsObject(tree.Find(message, "audio")))
        {
            request.Fetched("audio_id");
        }
    }

    private static void ReadPart(RequestReading request, int part)
    {
        var (tree, document) = (request.Tree, request.Document);
        switch (tree.FindText(part, "type"))
        {
            case "text" or "refusal":
                break;
            case "image_url":
                var image = tree.Find(part, "image_url");
                ReadUrl(request, part, tree.IsString(image) ? image : tree.Find(image, "url"), "image");
                break;
            case "input_audio":
                document.Unread(part, "audio");
                break;
            case "file" when tree.Find(tree.Find(part, "file"), "file_id") >= 0:
                request.Fetched("file_id");
                break;
            case "file":
                document.Unread(part, "file");
                break;
            case var other:
                document.Expect(other is not null, "messages[].content[].type", "a string");
                document.Unread(part, "other");
                break;
        }
    }

    /// <summary>A URL the provider would fetch needs a permit; data inside the URL is a part nobody reads.</summary>
    internal static void ReadUrl(RequestReading request, int part, int url, string kind)
    {
        if (request.Tree.IsString(url) && !request.Tree.TextSpan(url).TrimStart().StartsWith("data:", StringComparison.OrdinalIgnoreCase))
        {
            request.Fetched(kind + "_url");
        }
        else
        {
            request.Document.Unread(part, kind);
        }
    }

    private static void ReadTools(RequestReading request)
    {
        var tree = request.Tree;
        foreach (var tool in tree.Elements(tree.Find(0, "tools")))
        {
            switch (tree.FindText(tool, "type"))
            {
                case "function":
                    request.Tool(tree.FindText(tree.Find(tool, "function"), "name"), tool);
                    break;
                case "custom":
                    request.Tool(tree.FindText(tree.Find(tool, "custom"), "name"), tool);
                    break;
                case var kind:
                    request.Document.Role(tool, SegmentRole.Definition);
                    request.ProviderTool("openai", kind);
                    break;
            }
        }

        foreach (var function in tree.Elements(tree.Find(0, "functions")))
        {
            request.Tool(tree.FindText(function, "name"), function);
        }

        var choice = tree.Find(0, "tool_choice");
        request.ForcedTool(tree.FindText(tree.Find(choice, "function"), "name") ?? tree.FindText(tree.Find(choice, "custom"), "name"));
        request.ForcedTool(tree.FindText(tree.Find(0, "function_call"), "name"));
    }

    internal static SegmentRole RoleOf(string? role) => role switch
    {
        "system" or "developer" => SegmentRole.System,
        "assistant" => SegmentRole.Assistant,
        "tool" or "function" => SegmentRole.ToolResult,
        _ => SegmentRole.User,
    };
}
