using System.Text;
using AgentGate.Content;
using AgentGate.Diagnostics;
using AgentGate.Server.Gateway.Formats;
using AgentGate.Server.Gateway.Streaming;
using AgentGate.Server.Providers.Sse;
using JsonArray = System.Text.Json.Nodes.JsonArray;
using JsonNode = System.Text.Json.Nodes.JsonNode;

namespace AgentGate.Integration.Tests.Security;

/// <summary>A forbidden tool call of a model never reaches the client, whatever shape it comes in.</summary>
public sealed class ForbiddenToolCallTests
{
    private static readonly Dictionary<string, string?> s_noDeleting = new()
    {
        ["AgentGate:Policies:Forbid:0:Action"] = "callTool",
        ["AgentGate:Policies:Forbid:0:Resource"] = "delete_*",
    };

    [Fact]
    public async Task A_forbidden_or_undeclared_tool_call_is_replaced_by_a_refusal_in_each_format_whole_and_streamed()
    {
        await using var server = await GatewayServer.StartAsync(settings: s_noDeleting);
        foreach (var route in Doors.Answering)
        {
            foreach (var stream in (bool[])[false, true])
            {
                foreach (var (name, code) in ((string, string)[])[("delete_all", Codes.Forbidden), ("nobody_declared", Codes.UndeclaredTool)])
                {
                    var body = Doors.Body(route, $$"""/tool {{name}} {"path":"the-argument"}""" + "\n" + """/tool read {"path":"allowed-argument"}""", stream);
                    body["tools"] = new JsonArray(Doors.Tool(route, "read"), Doors.Tool(route, "delete_all"));
                    var (response, text) = await server.PostAsync(route, body);

                    Assert.True(response.IsSuccessStatusCode, text);
                    Assert.DoesNotContain("the-argument", text, StringComparison.Ordinal);
                    Assert.Contains("allowed-argument", text, StringComparison.Ordinal);
                    if (name == "delete_all")
                    {
                        // The definition was taken out, so that the model is never shown the tool.
                        var sent = JsonNode.Parse(server.Received.Received[^1].Body.Span)!["tools"]!.ToJsonString();
                        Assert.DoesNotContain("delete_all", sent, StringComparison.Ordinal);
                    }

                    Assert.Contains(code, text, StringComparison.Ordinal);
                }
            }
        }
    }

    [Fact]
    public async Task A_forced_tool_that_is_forbidden_refuses_the_request()
    {
        await using var server = await GatewayServer.StartAsync(settings: s_noDeleting);
        foreach (var route in Doors.Answering)
        {
            var body = Doors.Body(route);
            body["tools"] = new JsonArray(Doors.Tool(route, "delete_all"));
            body["tool_choice"] = route == Doors.Chat
                ? JsonNode.Parse("""{"type":"function","function":{"name":"delete_all"}}""")
                : JsonNode.Parse("""{"type":"function","name":"delete_all"}""");
            var (response, text) = await server.PostAsync(route, body);
            Doors.AssertError(route, response, text, Codes.ForcedToolForbidden);
        }

        Assert.Empty(server.Received.Received);
    }

    private static readonly HashSet<string> s_declared = ["read"];

    private static JsonTree Tree(string json) => JsonTreeParser.Parse(Encoding.UTF8.GetBytes(json), JsonLimits.Default, out _)!;

    [Fact]
    public void A_call_that_is_two_calls_at_once_is_nobodys_tool()
    {
        var calls = new ChatFormat().ToolCalls(
            Tree("""{"choices":[{"message":{"tool_calls":[{"function":{"name":"delete","arguments":"{}"},"custom":{"name":"read","input":""}}]}}]}"""), s_declared);
        Assert.False(Assert.Single(calls).Proposed.IsDeclared);
    }

    [Theory]
    [InlineData("local_shell_call", "local_shell")]
    [InlineData("shell_call", "shell")]
    [InlineData("apply_patch_call", "apply_patch")]
    [InlineData("computer_call", "computer")]
    public void A_built_in_tool_that_the_callers_side_runs_is_a_call(string type, string name)
    {
        var answer = Tree($$$"""{"output":[{"type":"{{{type}}}","id":"x","call_id":"c","action":{"command":["rm"]},"operation":{"type":"delete_file"}}]}""");

        var call = Assert.Single(new ResponsesFormat().ToolCalls(answer, s_declared)).Proposed;
        Assert.Equal((name, false), (call.Name, call.IsDeclared));
        Assert.Contains("\"", call.Input, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"choices":[{"message":{"tool_calls":{"0":{"function":{"name":"delete"}}}}}]}""")]
    [InlineData("""{"choices":[{"message":{"content":"x"},"delta":{"tool_calls":[{"function":{"name":"delete"}}]}}]}""")]
    public void Tool_calls_where_the_protocol_has_none_fault_the_answer(string json)
    {
        var reading = new DocumentReading(Tree(json));
        new ChatFormat().ReadAnswer(reading);
        Assert.NotNull(reading.Fault);
    }

    public static TheoryData<string, string> Smuggled => new()
    {
        { "chat", """{"choices":[{"index":0,"delta":{"content":"x"},"message":{"tool_calls":[{"function":{"name":"delete"}}]}}]}""" },
        { "messages", """{"type":"message_start","message":{"content":[{"type":"tool_use","name":"delete","input":{}}]}}""" },
        { "responses", """{"type":"response.created","response":{"id":"r","output":[{"type":"function_call","name":"delete","arguments":"{}"}]}}""" },
        { "responses", """{"type":"response.in_progress","response":{"id":"r","output":[{"type":"local_shell_call","action":{"command":["rm"]}}]}}""" },
    };

    [Theory, MemberData(nameof(Smuggled))]
    public void A_tool_call_outside_of_its_events_breaks_the_stream(string format, string data)
        => Assert.Throws<InvalidDataException>(() => Decoder(format).Read(new SseEvent(null, Encoding.UTF8.GetBytes(data))));

    [Theory]
    [InlineData("""{"type":"response.function_call_arguments.done","output_index":3,"item_id":"x","name":"delete","arguments":"{}"}""")]
    [InlineData("""{"type":"response.function_call_arguments.delta","output_index":3,"item_id":"x","delta":"{}"}""")]
    [InlineData("""{"type":"response.custom_tool_call_input.done","output_index":3,"item_id":"x","input":"rm"}""")]
    public void Arguments_without_an_item_go_nowhere(string data)
    {
        var decoder = Decoder("responses");
        decoder.Read(new SseEvent(null, Encoding.UTF8.GetBytes(data)));
        Assert.False(decoder.TryTake(out _));
    }

    [Fact]
    public void Two_calls_under_one_id_are_two_calls()
    {
        var decoder = Decoder("responses");
        foreach (var name in (string[])["read", "delete"])
        {
            decoder.Read(new SseEvent(null, Encoding.UTF8.GetBytes(
                $$$"""{"type":"response.output_item.done","output_index":0,"item":{"type":"function_call","call_id":"same","name":"{{{name}}}","arguments":"{}"}}""")));
        }

        Assert.True(decoder.TryTake(out var first));
        Assert.True(decoder.TryTake(out var second));
        var (one, two) = (Assert.Single(first!.ToolCalls), Assert.Single(second!.ToolCalls));
        Assert.Equal(one.Key, two.Key);
        Assert.NotEqual((one.Key, one.Proposed), (two.Key, two.Proposed));
    }

    private static StreamDecoder Decoder(string format) => (format switch
    {
        "chat" => (ModelFormat)new ChatFormat(),
        "messages" => new MessagesFormat(),
        _ => new ResponsesFormat(),
    }).OpenStream(s_declared);
}
