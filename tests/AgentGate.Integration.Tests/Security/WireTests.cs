using System.Text;
using AgentGate.Chat;
using AgentGate.Content;
using AgentGate.Diagnostics;
using AgentGate.Pipeline;
using AgentGate.Server.Gateway.Formats;
using AgentGate.Server.Gateway.Streaming;
using AgentGate.Server.Providers.Sse;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using JsonArray = System.Text.Json.Nodes.JsonArray;
using JsonNode = System.Text.Json.Nodes.JsonNode;

namespace AgentGate.Integration.Tests.Security;

/// <summary>What the wire may hold that the gate would read in one way and its neighbour in another, and what a provider may do to it.</summary>
public sealed class WireTests
{
    private const string Made = "made_up_tool_name";

    private static readonly HashSet<string> s_declared = ["read", "free"];

    public static TheoryData<string, string> TwoReadings => new()
    {
        { Doors.Chat, """ "tools":[{"type":"function","Type":"web_search","function":{"name":"read"}}] """ },
        { Doors.Chat, """ "tools":[{"type":"function","function":{"name":"read","Name":"delete_all"}}] """ },
        { Doors.Chat, """ "tools":[{"type":"custom","custom":{"name":"read","NAME":"delete_all"}}] """ },
        { Doors.Chat, """ "tools":[{"type":"function","function":{"name":"read"},"FUNCTION":{"name":"delete_all"}}] """ },
        { Doors.Chat, """ "tool\u017f":[{"type":"web_search"}] """ },
        { Doors.Chat, """ "functions":[{"name":"read","nAme":"delete_all"}] """ },
        { Doors.Chat, """ "tool_choice":{"type":"function","function":{"Name":"delete_all"}} """ },
        { Doors.Chat, """ "tool_choice":{"Function":{"name":"delete_all"}} """ },
        { Doors.Chat, """ "response_format":{"type":"json_schema","json_schema":{"Schema":{}}} """ },
        { Doors.Chat, """ "messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:,x","Url":"http://x"}}]}] """ },
        { Doors.Chat, """ "messages":[{"role":"user","content":[{"type":"file","file":{"file_data":"x","File_Id":"y"}}]}] """ },
        { Doors.Chat, """ "messages":[{"role":"user","content":[{"type":"input_audio","input_audio":{"Data":"x"}}]}] """ },
        { Doors.Responses, """ "tools":[{"type":"function","Type":"web_search","name":"read"}] """ },
        { Doors.Responses, """ "tools":[{"type":"function","name":"read","N\u0061mE":"delete_all"}] """ },
        { Doors.Responses, """ "tool_choice":{"type":"function","Name":"delete_all"} """ },
        { Doors.Responses, """ "text":{"Format":{}} """ },
        { Doors.Messages, """ "tools":[{"name":"read","Type":"web_search_20250305"}] """ },
        { Doors.Messages, """ "tool_choice":{"type":"tool","Name":"delete_all"} """ },
        { Doors.Messages, """ "messages":[{"role":"user","content":[{"type":"image","source":{"type":"base64","Type":"url","data":"x"}}]}] """ },
        { Doors.CountTokens, """ "tools":[{"name":"read","naMe":"delete_all"}] """ },
        { Doors.Embeddings, """ "own":1,"Own":2 """ },
    };

    [Theory, MemberData(nameof(TwoReadings))]
    public async Task Names_that_differ_only_by_case_are_refused_in_every_object_of_a_request(string route, string member)
    {
        await using var server = await GatewayServer.StartAsync();
        var (response, text) = await server.PostAsync(route, With(route, member));

        Doors.AssertError(route, response, text, Codes.MemberCase);
        Assert.Empty(server.Received.Received);
    }

    [Theory]
    [InlineData(Doors.Chat, """ "tools":[{"type":"function","function":{"name":"read","parameters":{"type":"object","properties":{"a":{},"A":{},"Name":{}}}}}] """)]
    [InlineData(Doors.Responses, """ "tools":[{"type":"function","name":"read","parameters":{"properties":{"a":{},"A":{},"Type":{}}}}] """)]
    [InlineData(Doors.Messages, """ "tools":[{"name":"read","input_schema":{"type":"object","properties":{"a":{},"A":{},"Type":{}}}}] """)]
    [InlineData(Doors.Messages, """ "messages":[{"role":"assistant","content":[{"type":"tool_use","id":"t","name":"read","input":{"a":1,"A":2,"Type":3}}]}] """)]
    [InlineData(Doors.Responses, """ "metadata":{"a":"1","A":"2"} """)]
    public async Task In_schemas_and_arguments_they_are_two_names(string route, string member)
    {
        await using var server = await GatewayServer.StartAsync();
        var (response, text) = await server.PostAsync(route, With(route, member));
        Assert.True(response.IsSuccessStatusCode, text);
    }

    [Fact]
    public void An_answer_whose_names_could_be_read_in_two_ways_is_faulty()
    {
        foreach (var (format, whole, streamed) in ((ModelFormat, string, string)[])
        [
            (new ChatFormat(), """{"choices":[{"message":{"Tool_Calls":[{"function":{"name":"delete"}}]}}]}""", """{"choices":[{"delta":{"Tool_Calls":[]}}]}"""),
            (new ResponsesFormat(), """{"Output":[{"type":"function_call","name":"delete"}]}""", """{"type":"x","Item":{"type":"function_call"}}"""),
            (new MessagesFormat(), """{"content":[{"type":"text","Type":"tool_use","name":"delete"}]}""", """{"type":"content_block_start","content_block":{"Type":"tool_use"}}"""),
        ])
        {
            var reading = new DocumentReading(Tree(whole));
            format.ReadAnswer(reading);
            Assert.Equal(Codes.MemberCase, reading.Fault?.Code);
            Assert.Throws<InvalidDataException>(() => Read(format.OpenStream(s_declared), streamed));
        }
    }

    [Theory]
    [InlineData("""{"tool_calls":[{"id":"c","type":"function","function":{"name":"read","arguments":{"path":"old"}}}]}""")]
    [InlineData("""{"tool_calls":[{"id":"c","type":"custom","custom":{"name":"read","input":{"path":"old"}}}]}""")]
    [InlineData("""{"function_call":{"name":"read","arguments":{"path":"old"}}}""")]
    public void Arguments_that_are_not_a_string_are_judged_and_released_as_what_they_are(string message)
    {
        var format = new ChatFormat();
        var tree = Tree($$$"""{"choices":[{"index":0,"message":{{{message}}}}]}""");
        var call = Assert.Single(format.ToolCalls(tree, s_declared));
        Assert.Equal(("""{"path":"old"}""", true), (call.Proposed.Input, call.Proposed.IsJson));
        var edits = new JsonEdits(tree);
        format.Rule(tree, edits, [(call, new ToolCallRuling.Released("""{"path":"new"}"""))]);
        AssertArguments(Encoding.UTF8.GetString(edits.Render().Span));

        var decoder = format.OpenStream(s_declared);
        Read(decoder, $$$"""{"choices":[{"index":0,"delta":{{{message}}}}]}""");
        Read(decoder, """{"choices":[{"index":0,"delta":{},"finish_reason":"tool_calls"}]}""");
        Assert.True(decoder.TryTake(out var frame));
        var held = Assert.Single(frame!.ToolCalls);
        Assert.Equal(call.Proposed, held.Proposed);
        AssertArguments(string.Concat(decoder.Write(frame, [(held, new ToolCallRuling.Released("""{"path":"new"}"""))])
            .Select(output => Encoding.UTF8.GetString(output.Data.Span))));

        static void AssertArguments(string text)
        {
            Assert.Contains(""":{"path":"new"}""", text, StringComparison.Ordinal);
            Assert.DoesNotContain("old", text, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(Doors.Chat, """{"choices":[{"index":0,"message":{"role":"assistant","tool_calls":[{"id":"c","type":"function","function":{"name":"made_up_tool_name","arguments":"{}"}}]}}]}""")]
    [InlineData(Doors.Chat, """{"error":{"message":"x"},"choices":[{"message":{"tool_calls":[{"function":{"name":"made_up_tool_name"}}]}}]}""")]
    [InlineData(Doors.Chat, """{"error":{"message":"x"},"Choices":[{"message":{"content":"made_up_tool_name"}}]}""")]
    [InlineData(Doors.Responses, """{"error":{"message":"x"},"output":[{"type":"function_call","name":"made_up_tool_name","arguments":"{}"}]}""")]
    [InlineData(Doors.Messages, """{"type":"error","error":{"message":"x"},"content":[{"type":"tool_use","name":"made_up_tool_name","input":{}}]}""")]
    [InlineData(Doors.Messages, """{"content":[{"type":"text","text":"made_up_tool_name"}]}""")]
    public async Task A_refusal_of_the_provider_that_holds_an_answer_is_dropped(string route, string body)
    {
        await using var upstream = await FakeUpstream.StartAsync();
        await using var server = await GatewayServer.StartAsync(settings: upstream.Settings);
        foreach (var status in (int[])[400, 500])
        {
            upstream.Says(status, body);
            var request = Doors.Body(route);
            request["model"] = FakeUpstream.ModelOf(route);
            var (response, text) = await server.PostAsync(route, request);

            Assert.Equal(status, (int)response.StatusCode);
            Doors.AssertError(route, response, text, Codes.UpstreamRefused);
            Assert.DoesNotContain(Made, text, StringComparison.Ordinal);
            Assert.Equal(status == 500 ? "true" : "false", response.Headers.GetValues("x-should-retry").Single());
        }
    }

    [Theory]
    [InlineData(Doors.Chat, """{"error":{"message":"no such thing","type":"invalid_request_error","param":null,"code":null}}""")]
    [InlineData(Doors.Chat, """{"error":"no such thing"}""")]
    [InlineData(Doors.Chat, """{"status":422,"error":"Unprocessable","message":"no such thing"}""")]
    [InlineData(Doors.Messages, """{"type":"error","error":{"type":"invalid_request_error","message":"no such thing"},"request_id":"r"}""")]
    public async Task The_providers_own_error_document_goes_to_the_caller(string route, string body)
    {
        await using var upstream = await FakeUpstream.StartAsync();
        await using var server = await GatewayServer.StartAsync(settings: upstream.Settings);
        upstream.Says(422, body);
        var request = Doors.Body(route);
        request["model"] = FakeUpstream.ModelOf(route);
        var (response, text) = await server.PostAsync(route, request);
        Assert.Equal((422, body), ((int)response.StatusCode, text));
    }

    [Fact]
    public async Task The_name_of_a_tool_nobody_declared_is_not_repeated()
    {
        await using var server = await GatewayServer.StartAsync();
        foreach (var route in Doors.Answering)
        {
            foreach (var stream in (bool[])[false, true])
            {
                var body = Doors.Body(route, $"/tool {Made} {{}}", stream);
                body["tools"] = new JsonArray(Doors.Tool(route, "read"));
                var (_, text) = await server.PostAsync(route, body);
                Assert.Contains(Codes.UndeclaredTool, text, StringComparison.Ordinal);
                Assert.Contains("an undeclared tool", text, StringComparison.Ordinal);
                Assert.DoesNotContain(Made, text, StringComparison.Ordinal);
            }
        }
    }

    private static List<(string Format, string Repeated, string? First)> Endless
    {
        get
        {
            var much = new string('x', 1 << 20);
            var data = new List<(string, string, string?)>();
            foreach (var piece in (string[])["1", much])
            {
                data.Add(("chat", $$$"""{"choices":[{"index":0,"delta":{"tool_calls":[{"index":#,"function":{"name":"read","arguments":"{{{piece}}}"}}]}}]}""", null));
                data.Add(("messages", $$$"""{"type":"content_block_start","index":#,"content_block":{"type":"tool_use","name":"read","input":{"a":"{{{piece}}}"} } }""", null));
                data.Add(("responses", $$$"""{"type":"response.output_item.added","output_index":#,"item":{"type":"function_call","name":"{{{piece}}}"}}""", null));
                data.Add(("responses", $$$"""{"type":"response.output_item.done","output_index":0,"item":{"type":"function_call","call_id":"#","name":"read","arguments":"{{{piece}}}"}}""", null));
                data.Add(("responses", $$$"""{"type":"response.output_text.delta","item_id":"#{{{piece}}}","output_index":0,"delta":"x"}""", null));
            }

            data.Add(("chat", """{"choices":[{"index":0,"delta":{"c#":"x"}}]}""", null));
            data.Add(("chat", """{"choices":[{"index":#,"delta":{"content":"x"}}]}""", null));
            data.Add(("chat", $$$"""{"choices":[{"index":0,"delta":{"function_call":{"name":"read","arguments":"{{{much}}}"} } } ] }""", null));
            data.Add(("messages", """{"type":"content_block_start","index":#,"content_block":{"type":"text","text":"x"}}""", null));
            data.Add((
                "messages",
                $$$"""{"type":"content_block_delta","index":0,"delta":{"type":"input_json_delta","partial_json":"{{{much}}}"}}""",
                """{"type":"content_block_start","index":0,"content_block":{"type":"tool_use","name":"read","input":{}}}"""));
            return data;
        }
    }

    [Fact]
    public void A_stream_that_leaves_ever_more_unfinished_ends()
    {
        foreach (var (format, repeated, first) in Endless)
        {
            var decoder = Decoder(format);
            if (first is not null)
            {
                Read(decoder, first);
            }

            var ended = Record.Exception(() =>
            {
                for (var count = 0; count <= StreamDecoder.KeptMax; count++)
                {
                    Read(decoder, repeated.Replace("#", count.ToString(System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal));
                    while (decoder.TryTake(out _))
                    {
                    }
                }
            });
            Assert.True(ended is InvalidDataException, $"{format}: {repeated[..Math.Min(80, repeated.Length)]}: {ended}");
        }
    }

    [Fact]
    public void A_long_answer_that_finishes_what_it_begins_goes_on()
    {
        var decoder = Decoder("responses");
        var piece = new string('x', 1 << 20);
        for (var count = 0; count < 40; count++)
        {
            Read(decoder, $$$"""{"type":"response.output_text.delta","item_id":"i{{{count}}}","output_index":0,"delta":"{{{piece}}}"}""");
            Read(decoder, $$$"""{"type":"response.output_text.delta","item_id":"i{{{count}}}","output_index":0,"delta":"{{{piece}}}"}""");
            Read(decoder, $$$"""{"type":"response.output_text.done","item_id":"i{{{count}}}","output_index":0,"text":""}""");
        }
    }

    [Theory]
    [InlineData(Doors.Embeddings)]
    [InlineData(Doors.CountTokens)]
    public async Task A_stream_where_the_protocol_has_none_is_closed_and_refused(string route)
    {
        await using var upstream = await FakeUpstream.StartAsync();
        await using var server = await GatewayServer.StartAsync(settings: upstream.Settings);
        var closed = new TaskCompletionSource();
        upstream.Answer = async context =>
        {
            context.RequestAborted.Register(() => closed.TrySetResult());
            context.Response.ContentType = "text/event-stream";
            await context.Response.WriteAsync("data: {}\n\n");
            await context.Response.Body.FlushAsync();
            await closed.Task;
        };
        var request = Doors.Body(route);
        request["model"] = FakeUpstream.ModelOf(route);
        var (response, text) = await server.PostAsync(route, request);

        Doors.AssertError(route, response, text, Codes.UpstreamInvalid);
        await closed.Task.WaitAsync(TimeSpan.FromSeconds(10));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_answer_that_cannot_be_tied_to_its_session_is_withheld(bool hangs)
    {
        await using var server = await GatewayServer.StartAsync(
            builder => builder.Services.AddSingleton<IResponseLinks>(new BrokenLinks(hangs)),
            new Dictionary<string, string?> { ["AgentGate:Gate:RecordDeadline"] = "00:00:01" });

        var (whole, text) = await server.PostAsync(Doors.Responses, Doors.Body(Doors.Responses, "the-question"));
        Assert.Equal(503, (int)whole.StatusCode);
        Doors.AssertError(Doors.Responses, whole, text, Codes.AnswerNotLinked);
        Assert.DoesNotContain("the-question", text, StringComparison.Ordinal);

        var (_, streamed) = await server.PostAsync(Doors.Responses, Doors.Body(Doors.Responses, "the-question", stream: true));
        Assert.Contains("event: error", streamed, StringComparison.Ordinal);
        Assert.Contains(Codes.AnswerNotLinked, streamed, StringComparison.Ordinal);
        Assert.DoesNotContain("response.completed", streamed, StringComparison.Ordinal);
    }

    private sealed class BrokenLinks(bool hangs) : IResponseLinks
    {
        public ValueTask LinkAsync(GateCall call, CallScope scope, string responseId, CancellationToken cancellationToken)
            => hangs ? new ValueTask(new TaskCompletionSource().Task) : throw new IOException("broken for the test");
    }

    /// <summary>The smallest request with a member more, or in place of its own.</summary>
    private static System.Text.Json.Nodes.JsonObject With(string route, string member)
    {
        var body = Doors.Body(route);
        foreach (var (name, value) in JsonNode.Parse("{" + member + "}")!.AsObject())
        {
            body[name] = value!.DeepClone();
        }

        return body;
    }

    private static JsonTree Tree(string json) => JsonTreeParser.Parse(Encoding.UTF8.GetBytes(json), JsonLimits.Default, out _)!;

    private static void Read(StreamDecoder decoder, string data) => decoder.Read(new SseEvent(null, Encoding.UTF8.GetBytes(data)));

    private static StreamDecoder Decoder(string format) => (format switch
    {
        "chat" => (ModelFormat)new ChatFormat(),
        "messages" => new MessagesFormat(),
        _ => new ResponsesFormat(),
    }).OpenStream(s_declared);
}
