using AgentGate.Chat;
using AgentGate.Content;
using AgentGate.Diagnostics;
using AgentGate.Kernel.Decisions;
using AgentGate.Providers;
using AgentGate.Server.Gateway.Streaming;

namespace AgentGate.Server.Gateway.Formats;

/// <summary>OpenAI's responses.</summary>
internal sealed class ResponsesFormat : ModelFormat
{
    public override WireFormat Wire => WireFormat.OpenAIResponses;

    public override void ReadRequest(RequestReading request)
    {
        var (tree, document) = (request.Tree, request.Document);
        document.CheckNames(0, Names.Responses, Names.FreeForm);
        request.ReadModel();
        request.ReadStream();
        request.PreviousResponseId = tree.FindText(0, "previous_response_id");
        request.Stored = tree.Find(0, "store") is var store && (store < 0 || !tree.Raw(store).SequenceEqual("false"u8));
        document.Role(tree.Find(0, "previous_response_id"), SegmentRole.Protocol);
        document.Role(tree.Find(0, "instructions"), SegmentRole.System);
        document.Role(tree.Find(0, "metadata"), SegmentRole.Metadata);
        document.Role(tree.Find(0, "user"), SegmentRole.Metadata);
        document.Role(tree.Find(0, "text"), SegmentRole.Definition);
        var input = tree.Find(0, "input");
        document.Expect(input < 0 || tree.IsString(input) || tree.IsArray(input), "input", "a string or an array of items");
        document.Role(input, SegmentRole.User);
        foreach (var item in tree.Elements(input))
        {
            ResponsesItems.ReadInput(request, item);
        }

        if (tree.IsTrue(tree.Find(0, "background")))
        {
            document.Refuse(Codes.InvalidField, "The field \"background\" must be false: an answer fetched later would come past the gate.");
        }

        if (!tree.IsNullOrAbsent(tree.Find(0, "conversation")))
        {
            request.Fetched("conversation");
        }

        if (!tree.IsNullOrAbsent(tree.Find(0, "prompt")))
        {
            request.Fetched("prompt_template");
        }

        ReadTools(request);
        OutputReading.ReadResponses(request);
    }

    public override void ReadAnswer(DocumentReading answer)
    {
        answer.CheckNames(0, Names.ResponsesAnswer, Names.FreeForm);
        ReadAnswer(answer, 0);
    }

    /// <summary>Gives the items of a response object their roles; a stream's last event carries one inside.</summary>
    internal static void ReadAnswer(DocumentReading answer, int response)
    {
        foreach (var item in answer.Tree.Elements(answer.Tree.Find(response, "output")))
        {
            ResponsesItems.ReadOutput(answer, item);
        }
    }

    public override IReadOnlyList<AnswerToolCall> ToolCalls(JsonTree answer, IReadOnlySet<string> declared)
        => ToolCalls(answer, 0, declared);

    internal static IReadOnlyList<AnswerToolCall> ToolCalls(JsonTree answer, int response, IReadOnlySet<string> declared)
        => [.. answer.Elements(answer.Find(response, "output"))
            .Where(item => ResponsesItems.IsToolCall(answer, item))
            .Select(item => ResponsesItems.ToolCall(answer, item, declared))];

    public override void Rule(JsonTree answer, JsonEdits edits, IReadOnlyList<(AnswerToolCall Call, ToolCallRuling Ruling)> rulings)
        => RuleItems(answer, edits, rulings);

    internal static void RuleItems(JsonTree answer, JsonEdits edits, IReadOnlyList<(AnswerToolCall Call, ToolCallRuling Ruling)> rulings)
    {
        foreach (var (call, ruling) in rulings)
        {
            switch (ruling)
            {
                case ToolCallRuling.Released(var input):
                    ToolInput.Set(answer, edits, call.Input, call.Proposed.Input, input);
                    break;
                case ToolCallRuling.Refused refused:
                    edits.Replace(call.Element, ResponsesItems.Message(answer, call.Element, refused.Text));
                    break;
            }
        }
    }

    public override Usage? ReadUsage(JsonTree answer) => ReadUsage(answer, 0);

    internal static Usage? ReadUsage(JsonTree answer, int response)
        => answer.Find(response, "usage") is var usage && answer.IsObject(usage)
            ? OpenAIUsage(answer, usage, "input_tokens", "output_tokens")
            : null;

    public override string? ResponseId(JsonTree answer) => answer.FindText(0, "id");

    public override bool Streams => true;

    public override StreamDecoder OpenStream(IReadOnlySet<string> declared, bool hidesUsage = false) => new ResponsesStreamDecoder(declared);

    private static void ReadTools(RequestReading request)
    {
        var tree = request.Tree;
        foreach (var tool in tree.Elements(tree.Find(0, "tools")))
        {
            switch (tree.FindText(tool, "type"))
            {
                case "function" or "custom":
                    request.Tool(tree.FindText(tool, "name"), tool);
                    break;
                case var kind:
                    request.Document.Role(tool, SegmentRole.Definition);
                    request.ProviderTool("openai", kind);
                    request.CallerRuns(ResponsesItems.CallerRunName(kind));
                    break;
            }
        }

        var choice = tree.Find(0, "tool_choice");
        request.ForcedTool(tree.FindText(choice, "name"));
        foreach (var allowed in tree.Elements(tree.Find(choice, "tools")))
        {
            request.Document.Role(allowed, SegmentRole.Definition);
        }
    }
}
