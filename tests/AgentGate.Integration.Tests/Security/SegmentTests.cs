using System.Text;
using System.Text.Json.Nodes;
using AgentGate.Diagnostics;

namespace AgentGate.Integration.Tests.Security;

/// <summary>No corner of a document carries personal data past the gate, and what holds none arrives as it was sent.</summary>
public sealed class SegmentTests
{
    private const string Ssn = "123-45-6789";
    private const string Mail = "jane.doe@example.com";

    private static string Corners(string route) => Doors.Body(route).ToJsonString()[..^1] + $$$$"""
        ,"unknown":{"deep":[{"note":"ssn {{{{Ssn}}}}"},["{{{{Mail}}}}"]]}
        ,"metadata":{"k":"{{{{Ssn}}}}","{{{{Mail}}}}":"as a key"}
        ,"user":"{{{{Mail}}}}"
        ,"stop":["{{{{Ssn}}}}"]
        ,"response_format":{"type":"json_schema","json_schema":{"name":"x","schema":{"enum":["{{{{Ssn}}}}"],"default":"{{{{Mail}}}}","description":"call \u0031\u0032\u0033-45-6789"}}}
        ,"prediction":{"type":"content","content":"{{{{Ssn}}}}"}
        ,"nested":"{\"inner\":\"{\\\"ssn\\\":\\\"{{{{Ssn}}}}\\\",\\\"esc\\\":\\\"\\\\u0031\\\\u0032\\\\u0033-45-6789\\\"}\"}"
        ,"card":4111111111111111
        ,"untouched" :  { "π": "\u00e9\/", "n": 1.50e3 } }
        """;

    [Fact]
    public async Task Personal_data_in_any_corner_never_reaches_the_provider_and_the_rest_is_the_same_bytes()
    {
        await using var server = await GatewayServer.StartAsync();
        foreach (var route in Doors.All)
        {
            var (response, text) = await PostRawAsync(server, route, Corners(route));
            Assert.True(response.IsSuccessStatusCode, text);
            var sent = Encoding.UTF8.GetString(server.Received.Received[^1].Body.Span);
            var unescaped = sent.Replace("\\", "", StringComparison.Ordinal).Replace("u0031u0032u0033", "123", StringComparison.Ordinal);

            Assert.DoesNotContain(Ssn, unescaped, StringComparison.Ordinal);
            Assert.DoesNotContain("45-6789", unescaped, StringComparison.Ordinal);
            Assert.DoesNotContain(Mail, unescaped, StringComparison.Ordinal);
            Assert.DoesNotContain("4111111111111111", unescaped, StringComparison.Ordinal);
            Assert.Contains(""","untouched" :  { "π": "\u00e9\/", "n": 1.50e3 } }""", sent, StringComparison.Ordinal);
            Assert.NotNull(JsonNode.Parse(JsonNode.Parse(JsonNode.Parse(sent)!["nested"]!.GetValue<string>())!["inner"]!.GetValue<string>()));
        }
    }

    [Fact]
    public async Task A_document_without_personal_data_arrives_byte_for_byte()
    {
        await using var server = await GatewayServer.StartAsync();
        foreach (var route in Doors.All)
        {
            var body = "  " + Doors.Body(route).ToJsonString()[..^1] + ""","x" : [1, 2.0,"\u0041\/é",{ } ],"y":"{\"a\" : 1}"}""" + "\n";
            await PostRawAsync(server, route, body);
            Assert.Equal(body, Encoding.UTF8.GetString(server.Received.Received[^1].Body.Span));
        }
    }

    [Theory]
    [InlineData(Doors.Chat, """{"messages":[{"role":"system","content":"@"},{"role":"assistant","tool_calls":[{"id":"@","type":"function","function":{"name":"f","arguments":"{\"q\":\"@\"}"}}]},{"role":"tool","tool_call_id":"@","name":"@","content":"@"}]}""")]
    [InlineData(Doors.Responses, """{"instructions":"@","input":[{"type":"function_call","call_id":"@","name":"f","arguments":"{\"q\":\"@\"}"},{"type":"function_call_output","call_id":"@","output":"@"},{"type":"message","role":"@","content":[{"type":"input_text","text":"@","extra":"@"}]}]}""")]
    [InlineData(Doors.Messages, """{"system":[{"type":"text","text":"@"}],"messages":[{"role":"assistant","content":[{"type":"tool_use","id":"@","name":"f","input":{"@":"@"}}]},{"role":"user","content":[{"type":"tool_result","tool_use_id":"@","content":[{"type":"text","text":"@"}]}]}]}""")]
    public async Task Every_part_of_a_conversation_is_masked(string route, string members)
    {
        await using var server = await GatewayServer.StartAsync();
        var body = Doors.Body(route);
        foreach (var (name, value) in JsonNode.Parse(members.Replace("@", Ssn, StringComparison.Ordinal))!.AsObject())
        {
            body[name] = value?.DeepClone();
        }

        await server.PostAsync(route, body);

        Assert.NotEmpty(server.Received.Received);
        Assert.DoesNotContain(Ssn, server.Sent(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Text_beside_an_allowed_image_is_read_all_the_same()
    {
        await using var server = await GatewayServer.StartAsync(settings: new Dictionary<string, string?> { ["AgentGate:Policies:AllowUnread:0"] = "image" });
        const string image = "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
        var body = Doors.Body(Doors.Chat);
        body["messages"] = JsonNode.Parse($$$$"""
            [{"role":"user","content":[{"type":"image_url","caption":"{{{{Ssn}}}}","image_url":{"url":"{{{{image}}}}","detail":"{{{{Ssn}}}}","{{{{Mail}}}}":1}}]}]
            """);

        var (response, text) = await server.PostAsync(Doors.Chat, body);

        Assert.True(response.IsSuccessStatusCode, text);
        Assert.Contains("iVBORw0KGgo", server.Sent(), StringComparison.Ordinal);
        Assert.DoesNotContain(Ssn, server.Sent(), StringComparison.Ordinal);
        Assert.DoesNotContain(Mail, server.Sent(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Doors.Chat, """{"type":"function","function":{"name":"find 123-45-6789"}}""")]
    [InlineData(Doors.Responses, """{"type":"function","name":"find 123-45-6789"}""")]
    [InlineData(Doors.Messages, """{"type":"tool","name":"find 123-45-6789"}""")]
    public async Task A_name_that_would_put_personal_data_on_record_is_refused(string route, string choice)
    {
        await using var server = await GatewayServer.StartAsync();
        var body = Doors.Body(route);
        body["tools"] = new JsonArray(Doors.Tool(route, "find 123-45-6789"));
        body["tool_choice"] = JsonNode.Parse(choice);

        var (response, text) = await server.PostAsync(route, body);

        Doors.AssertError(route, response, text, Codes.NameHoldsValues);
        Assert.DoesNotContain(Ssn, text, StringComparison.Ordinal);
        Assert.Empty(server.Received.Received);
    }

    [Fact]
    public async Task Only_listed_headers_travel()
    {
        await using var server = await GatewayServer.StartAsync();
        foreach (var route in Doors.All)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, route + "?ssn=" + Ssn) { Content = Doors.Json(Doors.Body(route).ToJsonString()) };
            foreach (var name in (string[])["anthropic-version", "anthropic-beta", "OpenAI-Organization", "X-Forwarded-For", "Cookie", "traceparent", "x-custom", "User-Agent", "Accept-Language"])
            {
                request.Headers.TryAddWithoutValidation(name, Ssn);
            }

            Assert.True((await server.Http.SendAsync(request)).IsSuccessStatusCode);
            var received = server.Received.Received[^1];
            Assert.DoesNotContain(Ssn, received.Path, StringComparison.Ordinal);
            Assert.DoesNotContain(Ssn, string.Join('\n', received.Headers.Select(h => h.Value)), StringComparison.Ordinal);
        }
    }

    private static async Task<(HttpResponseMessage Response, string Text)> PostRawAsync(GatewayServer server, string route, string body)
    {
        var response = await server.Http.PostAsync(route, Doors.Json(body));
        return (response, await response.Content.ReadAsStringAsync());
    }
}
