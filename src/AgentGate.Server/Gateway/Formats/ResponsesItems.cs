using AgentGate.Content;
using AgentGate.Kernel.Decisions;

namespace AgentGate.Server.Gateway.Formats;

/// <summary>The items of a responses request and answer.</summary>
internal static class ResponsesItems
{
    public static void ReadInput(RequestReading request, int item)
    {
        var (tree, document) = (request.Tree, request.Document);
        document.Expect(tree.IsObject(item), "input", "an array of objects");
        switch (tree.FindText(item, "type"))
        {
            case null or "message":
                document.Role(item, ChatFormat.RoleOf(tree.FindText(item, "role")));
                document.Role(tree.Find(item, "role"), SegmentRole.Protocol);
                ReadParts(request, tree.Find(item, "content"));
                break;
            case "function_call" or "custom_tool_call" or "local_shell_call" or "shell_call" or "apply_patch_call":
                document.Role(item, SegmentRole.ToolArguments);
                break;
            case "function_call_output" or "custom_tool_call_output" or "local_shell_call_output" or "shell_call_output" or "apply_patch_call_output":
                document.Role(item, SegmentRole.ToolResult);
                ReadParts(request, tree.Find(item, "output"));
                break;
            case "reasoning":
                document.Role(item, SegmentRole.Assistant);
                if (!tree.IsNullOrAbsent(tree.Find(item, "encrypted_content")))
                {
                    document.Unread(tree.Find(item, "encrypted_content"), "encrypted");
                }

                break;
            case "item_reference":
                request.Fetched("item_reference");
                break;
            case "image_generation_call":
                document.Unread(item, "image");
                break;
            case "computer_call_output":
                document.Unread(item, "image");
                break;
            case "compaction":
                document.Unread(item, "encrypted");
                break;
            default:
                document.Role(item, SegmentRole.ToolResult);
                break;
        }
    }

    public static void ReadOutput(DocumentReading answer, int item)
    {
        var tree = answer.Tree;
        answer.Role(item, SegmentRole.Assistant);
        if (IsToolCall(tree, item))
        {
            answer.Role(item, SegmentRole.ToolArguments);
        }
        else if (tree.FindText(item, "type") == "image_generation_call")
        {
            answer.Unread(item, "image");
        }
        else if (tree.FindText(item, "type") == "reasoning" && !tree.IsNullOrAbsent(tree.Find(item, "encrypted_content")))
        {
            // The caller asked for it and can only send it back; it is changed in neither direction.
            answer.Sealed(tree.Find(item, "encrypted_content"));
        }
    }

    /// <summary>Whether an item is a call the caller's side runs, so that the gate can still decide it.</summary>
    public static bool IsToolCall(JsonTree tree, int item)
        => HasStreamedInput(tree, item)
            || tree.FindText(item, "type") is "local_shell_call" or "shell_call" or "apply_patch_call" or "computer_call";

    /// <summary>Whether a call's input is a string that streams in events of its own.</summary>
    public static bool HasStreamedInput(JsonTree tree, int item)
        => tree.FindText(item, "type") is "function_call" or "custom_tool_call";

    /// <summary>The name under which a built-in tool that the caller's side runs is judged, or <see langword="null"/> for one the provider runs.</summary>
    public static string? CallerRunName(string? type) => type switch
    {
        "local_shell" or "local_shell_call" => "local_shell",
        "shell" or "shell_call" => "shell",
        "apply_patch" or "apply_patch_call" => "apply_patch",
        "computer_call" => "computer",
        _ when type?.StartsWith("computer", StringComparison.Ordinal) is true => "computer",
        _ => null,
    };

    /// <summary>The node of a call's input: arguments, free text, or the action a built-in tool is asked for.</summary>
    public static int InputOf(JsonTree tree, int item) => tree.FindText(item, "type") switch
    {
        "function_call" => tree.Find(item, "arguments"),
        "custom_tool_call" => tree.Find(item, "input"),
        "apply_patch_call" => tree.Find(item, "operation"),
        _ => tree.Find(item, "action"),
    };

    public static AnswerToolCall ToolCall(JsonTree tree, int item, IReadOnlySet<string> declared)
    {
        var isJson = tree.FindText(item, "type") != "custom_tool_call";
        var name = CallerRunName(tree.FindText(item, "type")) ?? tree.FindText(item, "name") ?? "";
        var input = InputOf(tree, item);
        return new AnswerToolCall(ToolInput.Propose(tree, name, input, isJson, declared), item, input, 0);
    }

    /// <summary>A message item that says why a tool call was refused, under the refused item's id.</summary>
    public static byte[] Message(JsonTree tree, int item, string text)
    {
        var id = tree.FindText(item, "id") ?? tree.FindText(item, "call_id") ?? "refused";
        return
        [
            .. "{\"type\":\"message\",\"id\":"u8,
            .. JsonEdits.Quote("msg_" + id),
            .. ",\"status\":\"completed\",\"role\":\"assistant\",\"content\":["u8,
            .. TextPart(text),
            .. "]}"u8,
        ];
    }

    public static byte[] TextPart(string text)
        => [.. "{\"type\":\"output_text\",\"text\":"u8, .. JsonEdits.Quote(text), .. ",\"annotations\":[]}"u8];

    private static void ReadParts(RequestReading request, int content)
    {
        var (tree, document) = (request.Tree, request.Document);
        foreach (var part in tree.Elements(content))
        {
            switch (tree.FindText(part, "type"))
            {
                case "input_text" or "output_text" or "refusal" or "text" or "summary_text" or "reasoning_text":
                    break;
                case "input_image" when tree.IsString(tree.Find(part, "file_id")):
                    request.Fetched("file_id");
                    break;
                case "input_image":
                    ChatFormat.ReadUrl(request, part, tree.Find(part, "image_url"), "image");
                    break;
                case "input_file" when tree.IsString(tree.Find(part, "file_id")):
                    request.Fetched("file_id");
                    break;
                case "input_file" when tree.IsString(tree.Find(part, "file_url")):
                    request.Fetched("file_url");
                    break;
                case "input_file":
                    document.Unread(part, "file");
                    break;
                case "input_audio":
                    document.Unread(part, "audio");
                    break;
                case var other:
                    document.Expect(other is not null, "input[].content[].type", "a string");
                    document.Unread(part, "other");
                    break;
            }
        }
    }
}
