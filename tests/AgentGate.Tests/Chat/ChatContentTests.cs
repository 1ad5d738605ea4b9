using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using AgentGate.Chat;
using AgentGate.Content;
using AgentGate.Kernel.Decisions;
using Microsoft.Extensions.AI;

namespace AgentGate.Tests.Chat;

public sealed class ChatContentTests
{
    [Fact]
    public void Every_text_of_messages_and_options_is_a_segment_with_its_role()
    {
        var (content, _) = Read(
            [
                new ChatMessage(ChatRole.System, "sys-text"),
                new ChatMessage(new ChatRole("developer"), "dev-text"),
                new ChatMessage(ChatRole.User, "user-text") { AuthorName = "name-text" },
                new ChatMessage(ChatRole.Assistant, [new TextReasoningContent("thought-text"), new ErrorContent("error-text")]),
                new ChatMessage(ChatRole.Assistant, [new FunctionCallContent("c", "look", new Dictionary<string, object?> { ["arg-key"] = "arg-text" })]),
                new ChatMessage(ChatRole.Tool, [new FunctionResultContent("c", "result-text")]),
            ],
            new ChatOptions
            {
                Instructions = "instructions-text",
                StopSequences = ["stop-text"],
                Tools = [AIFunctionFactory.Create((string at) => at, "look", "description-text")],
                ResponseFormat = ChatResponseFormat.ForJsonSchema(JsonElement.Parse("""{"title":"schema-text"}"""), "format-text"),
                AdditionalProperties = new() { ["property-key"] = "property-text" },
            });

        Assert.Equal(SegmentRole.System, RoleOf("sys-text"));
        Assert.Equal(SegmentRole.System, RoleOf("dev-text"));
        Assert.Equal(SegmentRole.User, RoleOf("user-text"));
        Assert.Equal(SegmentRole.Metadata, RoleOf("name-text"));
        Assert.Equal(SegmentRole.Assistant, RoleOf("thought-text"));
        Assert.Equal(SegmentRole.Assistant, RoleOf("error-text"));
        Assert.Equal(SegmentRole.ToolArguments, RoleOf("arg-key"));
        Assert.Equal(SegmentRole.ToolArguments, RoleOf("arg-text"));
        Assert.Equal(SegmentRole.ToolResult, RoleOf("result-text"));
        Assert.Equal(SegmentRole.System, RoleOf("instructions-text"));
        Assert.Equal(SegmentRole.Definition, RoleOf("description-text"));
        Assert.Equal(SegmentRole.Definition, RoleOf("schema-text"));
        Assert.Equal(SegmentRole.Definition, RoleOf("format-text"));
        Assert.Equal(SegmentRole.Metadata, RoleOf("property-key"));
        Assert.Equal(SegmentRole.Metadata, RoleOf("property-text"));
        Assert.Equal(["look"], content.DeclaredTools.AsEnumerable());
        _ = Find(content, "stop-text");

        SegmentRole RoleOf(string text) => Find(content, text).Role;
    }

    [Fact]
    public void Strings_keys_and_long_numbers_inside_arguments_and_results_are_segments()
    {
        var (content, _) = Read(
        [
            new ChatMessage(ChatRole.Assistant, [new FunctionCallContent("c", "look", new Dictionary<string, object?>
            {
                ["element"] = JsonElement.Parse("""{"inner-key":["inner-text",4111111111111111]}"""),
                ["object"] = new Dictionary<string, string> { ["object-key"] = "object-text" },
                ["json"] = """{"held-key":"held-text"}""",
                ["number"] = 4222222222222L,
            })]),
            new ChatMessage(ChatRole.Tool, [new FunctionResultContent("c", new List<AIContent> { new TextContent("part-text") })]),
        ]);

        foreach (var text in new[] { "inner-key", "inner-text", "object-key", "object-text", "held-key", "held-text", "part-text" })
        {
            _ = Find(content, text);
        }

        Assert.Equal(SegmentKind.Number, Find(content, "4111111111111111").Kind);
        Assert.Equal(SegmentKind.Number, Find(content, "4222222222222").Kind);
    }

    [Fact]
    public void Parts_nobody_can_read_are_named_by_kind()
    {
        Assert.Equal(["image"], Unread(new DataContent(new byte[1], "image/png")));
        Assert.Equal(["audio"], Unread(new DataContent(new byte[1], "audio/wav")));
        Assert.Equal(["file"], Unread(new DataContent(new byte[1], "application/pdf")));
        Assert.Equal(["encrypted"], Unread(new TextReasoningContent("") { ProtectedData = "x" }));
        Assert.Equal(["other"], Unread(new StrangeContent()));
        Assert.Equal(["other"], Unread(new TextContent("x") { AdditionalProperties = new() { ["f"] = (Func<int>)(() => 1) } }));
        Assert.Equal(["other"], Read([], new ChatOptions { RawRepresentationFactory = _ => null }).Content.UnreadKinds.AsEnumerable());
        Assert.Equal([], Unread(new TextContent("x"), new UsageContent(new UsageDetails())));
    }

    [Fact]
    public void What_the_provider_fetches_or_runs_is_asked_for_by_itself()
    {
        Assert.Equal(["fetchContent image_url"], Also(new UriContent("https://example.com/a.png", "image/png")));
        Assert.Equal(["fetchContent file_url"], Also(new UriContent("https://example.com/a.pdf", "application/pdf")));
        Assert.Equal(["fetchContent file_id"], Also(new HostedFileContent("f")));
        Assert.Equal(["fetchContent vector_store"], Also(new HostedVectorStoreContent("v")));
        Assert.Equal(
            ["useProviderTool p/code_interpreter", "useProviderTool p/mcp", "useProviderTool p/web_search"],
            Requests(Read([], new ChatOptions
            {
                Tools = [new HostedWebSearchTool(), new HostedCodeInterpreterTool(), new HostedMcpServerTool("s", "https://example.com")],
            }).Reading));
        Assert.Equal(["callTool look"], Requests(Read([], new ChatOptions { ToolMode = ChatToolMode.RequireSpecific("look") }).Reading));
    }

    [Fact]
    public void Signed_reasoning_can_be_read_and_not_changed()
    {
        var (content, _) = Read([new ChatMessage(ChatRole.Assistant, [new TextReasoningContent("thought-text") { ProtectedData = "signature" }])]);

        Assert.Equal(SegmentKind.Sealed, Find(content, "thought-text").Kind);
    }

    [Fact]
    public void A_string_with_half_a_surrogate_pair_and_a_member_named_twice_are_refused()
    {
        Assert.Equal("AG1105", Fault(new TextContent("x\uD800y")));
        Assert.Equal("AG1105", Fault(new FunctionCallContent("c", "f", new Dictionary<string, object?> { ["a"] = "\uDC00" })));
        Assert.Equal("AG1102", Fault(new FunctionResultContent("c", JsonElement.Parse("""{"a":1,"a":2}"""))));
        Assert.Null(Fault(new TextContent("x\uD83D\uDE00y")));
    }

    [Fact]
    public void Every_segment_that_may_change_changes_the_objects_it_stands_for()
    {
        ChatMessage[] messages =
        [
            new(ChatRole.User, [new TextContent("a1"), new UriContent("https://example.com/b2", "image/png")]) { AuthorName = "c3" },
            new(ChatRole.Assistant, [new FunctionCallContent("d4", "e5", new Dictionary<string, object?>
            {
                ["f6"] = "g7",
                ["h8"] = JsonElement.Parse("""{"i9":["j10",12345678]}"""),
                ["k11"] = """{"l12":"m13"}""",
            })]),
            new(ChatRole.Tool, [new FunctionResultContent("d4", "n14") { AdditionalProperties = new() { ["o15"] = "p16" } }]),
        ];
        var options = new ChatOptions
        {
            ModelId = "m",
            Instructions = "q17",
            StopSequences = ["r18"],
            Tools = [AIFunctionFactory.Create((string s19) => s19, "t20", "u21")],
            ResponseFormat = ChatResponseFormat.ForJsonSchema(JsonElement.Parse("""{"v22":"w23"}"""), "x24", "y25"),
            AdditionalProperties = new() { ["z26"] = "z27" },
        };
        var (content, _) = Read(messages, options);
        var marked = content.Segments.ToArray()
            .Where(segment => segment.Text.Length is 2 or 3 && char.IsAsciiDigit(segment.Text.Span[^1]) || segment.Text.Span.StartsWith("https") || segment.Kind == SegmentKind.Number)
            .ToImmutableArray();

        var changed = (JsonContent)content.Apply([.. marked.Select(segment => new ContentChange.ReplaceText(segment.Index, segment.Text + "-new"))]);
        var rebuild = ChatRebuild.Of(changed);
        var sent = rebuild.Messages(messages);
        var sentOptions = rebuild.Options(options, new HashSet<string>(["t20"]));

        // What is sent, written again, is what was judged: nothing got lost on the way and nothing else slipped in.
        var (again, _) = ChatDocument.Request(sent, sentOptions, "m");
        Assert.Equal(Encoding.UTF8.GetString(changed.ToUtf8().Span), Encoding.UTF8.GetString(again!.Utf8.Span));
        Assert.Contains("\"g7-new\"", Encoding.UTF8.GetString(again.Utf8.Span), StringComparison.Ordinal);
        Assert.Equal(marked.Length, Encoding.UTF8.GetString(again.Utf8.Span).Split("-new").Length - 1);
    }

    [Fact]
    public void Without_a_change_options_and_messages_are_the_same_objects()
    {
        ChatMessage[] messages = [new(ChatRole.User, "hello"), new(ChatRole.User, [new DataContent(new byte[1], "image/png")])];
        var options = new ChatOptions { Instructions = "x" };
        var (content, _) = Read(messages, options);

        var rebuild = ChatRebuild.Of(content);

        Assert.Equal(messages, rebuild.Messages(messages), ReferenceEqualityComparer.Instance);
        Assert.Same(options, rebuild.Options(options, new HashSet<string>()));
    }

    private static (JsonContent Content, ChatReading Reading) Read(IReadOnlyList<ChatMessage> messages, ChatOptions? options = null)
    {
        var (tree, fault) = ChatDocument.Request(messages, options, "m");
        Assert.Null(fault);
        var reading = new ChatReading(tree!, "p");
        return (reading.Request(), reading);
    }

    private static Segment Find(CallContent content, string text)
        => Assert.Single(content.Segments.ToArray(), segment => segment.Text.Span.SequenceEqual(text));

    private static string[] Unread(params AIContent[] contents) => [.. Read([new ChatMessage(ChatRole.User, contents)]).Content.UnreadKinds];

    private static string[] Also(AIContent content) => Requests(Read([new ChatMessage(ChatRole.User, [content])]).Reading);

    private static string[] Requests(ChatReading reading)
        => [.. reading.AlsoRequires.Select(request => $"{request.Action} {request.Resource.Id}").Order(StringComparer.Ordinal)];

    private static string? Fault(AIContent content) => ChatDocument.Request([new ChatMessage(ChatRole.User, [content])], null, "m").Fault?.Code;

    private sealed class StrangeContent : AIContent;
}
