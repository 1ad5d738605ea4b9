using AgentGate.Chat;
using AgentGate.Content;
using AgentGate.Kernel.Decisions;
using AgentGate.Providers;
using AgentGate.Server.Gateway.Streaming;

namespace AgentGate.Server.Gateway.Formats;

/// <summary>Anthropic's messages.</summary>
internal sealed class MessagesFormat : ModelFormat
{
    public override WireFormat Wire => WireFormat.AnthropicMessages;

    public override void ReadRequest(RequestReading request)
    {
        ReadBody(request);
        OutputReading.ReadMessages(request);
    }

    /// <summary>Reads a message body; token counting takes the same.</summary>
    public static void ReadBody(RequestReading request)
    {
        var (tree, document) = (request.Tree, request.Document);
        document.CheckNames(0, Names.Messages, Names.FreeFormWithInput);
        request.ReadModel();
        request.ReadStream();
        var system = tree.Find(0, "system");
        document.Role(system, SegmentRole.System);
        ReadBlocks(request, system);
        var messages = tree.Find(0, "messages");
        document.Expect(tree.IsArray(messages), "messages", "an array");
        foreach (var message in tree.Elements(messages))
        {
            document.Expect(tree.IsObject(message), "messages", "an array of objects");
            document.Role(message, ChatFormat.RoleOf(tree.FindText(message, "role")));
            document.Role(tree.Find(message, "role"), SegmentRole.Protocol);
            ReadBlocks(request, tree.Find(message, "content"));
        }

        document.Role(tree.Find(0, "metadata"), SegmentRole.Metadata);
        foreach (var tool in tree.Elements(tree.Find(0, "tools")))
        {
            if (tree.FindText(tool, "type") is { } kind and not "custom")
            {
                document.Role(tool, SegmentRole.Definition);
                request.ProviderTool("anthropic", kind);
            }
            else
            {
                request.Tool(tree.FindText(tool, "name"), tool);
            }
        }

        request.ForcedTool(tree.FindText(tree.Find(0, "tool_choice"), "name"));
        if (!tree.IsNullOrAbsent(tree.Find(0, "mcp_servers")))
        {
            request.ProviderTool("anthropic", "mcp");
        }

        if (!tree.IsNullOrAbsent(tree.Find(0, "container")))
        {
            request.Fetched("container");
        }
    }

    public override void ReadAnswer(DocumentReading answer)
    {
        var tree = answer.Tree;
        answer.CheckNames(0, Names.MessagesAnswer, Names.FreeFormWithInput);
        foreach (var block in tree.Elements(tree.Find(0, "content")))
        {
            ReadAnswerBlock(answer, block);
        }
    }

    /// <summary>Gives a block of an answer its role; a stream's block start carries the same.</summary>
    internal static void ReadAnswerBlock(DocumentReading answer, int block)
    {
        answer.Role(block, SegmentRole.Assistant);
        switch (answer.Tree.FindText(block, "type"))
        {
            case "tool_use":
                answer.Role(block, SegmentRole.ToolArguments);
                break;
            case "thinking":
                answer.Sealed(block);
                break;
            case "redacted_thinking":
                answer.Unread(block, "encrypted");
                break;
            case "image":
                answer.Unread(block, "image");
                break;
        }
    }

    public override IReadOnlyList<AnswerToolCall> ToolCalls(JsonTree answer, IReadOnlySet<string> declared)
        => [.. answer.Elements(answer.Find(0, "content"))
            .Where(block => answer.TextIs(answer.Find(block, "type"), "tool_use"))
            .Select(block =>
            {
                var name = answer.FindText(block, "name") ?? "";
                var input = answer.Find(block, "input");
                // Always JSON here: a string is the JSON string it is, not arguments in a string.
                var text = input < 0 ? "" : System.Text.Encoding.UTF8.GetString(answer.Raw(input));
                return new AnswerToolCall(new ProposedToolCall(name, text, IsJson: true, declared.Contains(name)), block, input, 0);
            })];

    public override void Rule(JsonTree answer, JsonEdits edits, IReadOnlyList<(AnswerToolCall Call, ToolCallRuling Ruling)> rulings)
    {
        foreach (var (call, ruling) in rulings)
        {
            switch (ruling)
            {
                case ToolCallRuling.Released(var input) when call.Input >= 0 && input != call.Proposed.Input:
                    edits.Replace(call.Input, System.Text.Encoding.UTF8.GetBytes(input));
                    break;
                case ToolCallRuling.Refused refused:
                    edits.Replace(call.Element, [.. "{\"type\":\"text\",\"text\":"u8, .. JsonEdits.Quote(refused.Text), (byte)'}']);
                    break;
            }
        }

        var stop = answer.Find(0, "stop_reason");
        if (answer.TextIs(stop, "tool_use") && rulings.All(ruling => ruling.Ruling is ToolCallRuling.Refused))
        {
            edits.ReplaceText(stop, "end_turn");
        }
    }

    public override Usage? ReadUsage(JsonTree answer) => ReadUsage(answer, 0);

    /// <summary>The usage member of an object; a stream's first event carries it inside its message.</summary>
    internal static Usage? ReadUsage(JsonTree answer, int obj)
        => answer.Find(obj, "usage") is var usage && answer.IsObject(usage) ? Whole(answer, usage) : null;

    // Anthropic counts what is read from and written to its cache beside the input, not within it.
    private static Usage Whole(JsonTree answer, int usage)
    {
        var (cached, written) = (Count(answer, usage, "cache_read_input_tokens"), Count(answer, usage, "cache_creation_input_tokens"));
        return new Usage(Count(answer, usage, "input_tokens") + written + cached, Count(answer, usage, "output_tokens"))
        {
            CachedInputTokens = cached,
            CacheWriteTokens = written,
            LongCacheWriteTokens = Count(answer, answer.Find(usage, "cache_creation"), "ephemeral_1h_input_tokens"),
        };
    }

    public override bool Streams => true;

    public override StreamDecoder OpenStream(IReadOnlySet<string> declared, bool hidesUsage = false) => new MessagesStreamDecoder(this, declared);

    private static void ReadBlocks(RequestReading request, int content)
    {
        foreach (var block in request.Tree.Elements(content))
        {
            ReadBlock(request, block);
        }
    }

    private static void ReadBlock(RequestReading request, int block)
    {
        var (tree, document) = (request.Tree, request.Document);
        var source = tree.Find(block, "source");
        switch (tree.FindText(block, "type"))
        {
            case "text":
                break;
            case "image":
                ReadSource(request, block, source, "image");
                break;
            case "document" when tree.FindText(source, "type") == "text":
                document.Role(block, SegmentRole.ToolResult);
                break;
            case "document" when tree.FindText(source, "type") == "content":
                document.Role(block, SegmentRole.ToolResult);
                ReadBlocks(request, tree.Find(source, "content"));
                break;
            case "document":
                ReadSource(request, block, source, "file");
                break;
            case "tool_use" or "server_tool_use" or "mcp_tool_use":
                document.Role(block, SegmentRole.ToolArguments);
                break;
            case "tool_result" or "search_result" or "mcp_tool_result":
                document.Role(block, SegmentRole.ToolResult);
                ReadBlocks(request, tree.Find(block, "content"));
                break;
            case "thinking":
                document.Sealed(block);
                break;
            case "redacted_thinking":
                document.Unread(block, "encrypted");
                break;
            case "container_upload":
                request.Fetched("file_id");
                break;
            case var other:
                document.Expect(other is not null, "messages[].content[].type", "a string");
                document.Unread(block, "other");
                break;
        }
    }

    private static void ReadSource(RequestReading request, int block, int source, string kind)
    {
        switch (request.Tree.FindText(source, "type"))
        {
            case "url":
                request.Fetched(kind + "_url");
                break;
            case "file":
                request.Fetched("file_id");
                break;
            default:
                request.Document.Unread(block, kind);
                break;
        }
    }
}
