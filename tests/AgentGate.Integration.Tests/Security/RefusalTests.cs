using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using AgentGate.Diagnostics;
using AgentGate.Server.Gateway;
using Microsoft.Extensions.DependencyInjection;

namespace AgentGate.Integration.Tests.Security;

/// <summary>What is refused before any guard sees it, on each route that takes a body.</summary>
public sealed class RefusalTests
{
    private static readonly Dictionary<string, string?> s_small = new()
    {
        ["AgentGate:Gateway:ModelBodyBytesMax"] = "4096",
        ["AgentGate:Gateway:BytesInFlightMax"] = "4096",
    };

    private static IEnumerable<(string Name, Func<string, byte[]> Body, Action<HttpRequestMessage>? Change, int Status, string Code)> Cases()
    {
        static Func<string, byte[]> With(string member)
            => route => Encoding.UTF8.GetBytes(Doors.Body(route).ToJsonString()[..^1] + "," + member + "}");

        yield return ("duplicate", With("\"model\":\"demo-echo\""), null, 400, Codes.DuplicateMember);
        yield return ("duplicate after unescaping", With("\"\\u006dodel\":\"demo-echo\""), null, 400, Codes.DuplicateMember);
        yield return ("duplicate deep inside", With("\"x\":[{\"y\":{\"a\":1,\"\\u0061\":2}}]"), null, 400, Codes.DuplicateMember);
        yield return ("case", With("\"Model\":\"other\""), null, 400, Codes.MemberCase);
        yield return ("invalid UTF-8", route => [.. With("\"x\":\"")(route)[..^1], 0xFF, (byte)'"', (byte)'}'], null, 400, Codes.InvalidUtf8);
        yield return ("lone surrogate", With("\"x\":\"\\ud800\""), null, 400, Codes.LoneSurrogate);
        yield return ("byte-order mark", route => [0xEF, 0xBB, 0xBF, .. With("\"x\":1")(route)], null, 400, Codes.ByteOrderMark);
        yield return ("invalid JSON", route => With("\"x\":")(route), null, 400, Codes.InvalidJson);
        yield return ("NaN", With("\"x\":NaN"), null, 400, Codes.InvalidJson);
        yield return ("trailing document", route => [.. With("\"x\":1")(route), .. "{}"u8], null, 400, Codes.InvalidJson);
        yield return ("nothing", _ => [], null, 400, Codes.InvalidJson);
        yield return ("array", _ => "[]"u8.ToArray(), null, 400, Codes.InvalidField);
        yield return ("too deep", With("\"x\":" + new string('[', 65) + new string(']', 65)), null, 400, Codes.TooDeep);
        yield return ("too large", With("\"x\":\"" + new string('x', 5000) + "\""), null, 413, Codes.TooLarge);
        yield return ("prompt as token ids", With("\"prompt\":[1,2,3]"), null, 400, Codes.TokenIds);
        yield return ("gzip", With("\"x\":1"), r => r.Content!.Headers.TryAddWithoutValidation("Content-Encoding", "gzip"), 400, Codes.ContentEncoding);
        yield return ("two encodings", With("\"x\":1"), r => r.Content!.Headers.TryAddWithoutValidation("Content-Encoding", "identity, br"), 400, Codes.ContentEncoding);
        yield return ("two credentials", With("\"x\":1"), r => r.Headers.Add("x-api-key", "ag_other"), 400, Codes.TwoCredentials);
        yield return ("charset", With("\"x\":1"), r => r.Content!.Headers.ContentType = new("application/json") { CharSet = "utf-16" }, 400, Codes.MediaType);
        yield return ("form", With("\"x\":1"), r => r.Content!.Headers.ContentType = new("application/x-www-form-urlencoded"), 400, Codes.MediaType);
    }

    [Fact]
    public async Task Each_route_refuses_what_could_be_read_in_two_ways()
    {
        await using var server = await GatewayServer.StartAsync(settings: s_small);
        foreach (var route in Doors.All)
        {
            foreach (var (name, body, change, status, code) in Cases())
            {
                using var request = new HttpRequestMessage(HttpMethod.Post, route) { Content = new ByteArrayContent(body(route)) };
                request.Content.Headers.ContentType = new("application/json");
                change?.Invoke(request);
                using var response = await SendAsync(server, request, name);
                var text = await response.Content.ReadAsStringAsync();

                Assert.True(response.Code() == code, $"{route}, {name}: expected {code}, got {(int)response.StatusCode} {text}");
                Doors.AssertError(route, response, text, code);
                Assert.Equal(status, (int)response.StatusCode);
                Assert.Equal("false", response.Headers.GetValues("x-should-retry").Single());
            }
        }

        Assert.Empty(server.Received.Received);
        Assert.Empty(await server.LogAsync());
    }

    private static async Task<HttpResponseMessage> SendAsync(GatewayServer server, HttpRequestMessage request, string name)
    {
        try
        {
            return await server.Http.SendAsync(request);
        }
        catch (HttpRequestException broken)
        {
            throw new InvalidOperationException($"{request.RequestUri}, {name}: no answer.", broken);
        }
    }

    [Fact]
    public async Task Embeddings_of_token_ids_are_refused()
    {
        await using var server = await GatewayServer.StartAsync();
        foreach (var input in (string[])["[1,2,3]", "[[1,2],[3]]", "[\"text\",4]"])
        {
            var (response, text) = await server.PostAsync(
                Doors.Embeddings, new JsonObject { ["model"] = "demo-embed", ["input"] = JsonNode.Parse(input) });
            Doors.AssertError(Doors.Embeddings, response, text, Codes.TokenIds);
        }

        Assert.Empty(server.Received.Received);
    }

    [Fact]
    public async Task The_same_credential_twice_is_one_credential()
    {
        await using var server = await GatewayServer.StartAsync();
        server.Http.DefaultRequestHeaders.Add("x-api-key", server.Key);
        foreach (var route in Doors.All)
        {
            Assert.Equal(200, (int)(await server.PostAsync(route, Doors.Body(route))).Response.StatusCode);
        }
    }

    [Theory]
    [InlineData("GET", "/v1/chat/completions", 405, Codes.UnknownMethod)]
    [InlineData("PUT", "/v1/responses", 405, Codes.UnknownMethod)]
    [InlineData("DELETE", "/v1/messages", 405, Codes.UnknownMethod)]
    [InlineData("POST", "/v1/models", 405, Codes.UnknownMethod)]
    [InlineData("POST", "/v1/completions", 404, Codes.UnknownRoute)]
    [InlineData("POST", "/v1/files", 404, Codes.UnknownRoute)]
    [InlineData("GET", "/v1/responses/resp_1", 404, Codes.UnknownRoute)]
    [InlineData("POST", "/v1/messages/batches", 404, Codes.UnknownRoute)]
    [InlineData("POST", "/v1", 404, Codes.UnknownRoute)]
    public async Task What_is_no_door_is_refused_with_the_list_of_doors(string method, string path, int status, string code)
    {
        await using var server = await GatewayServer.StartAsync();
        using var request = new HttpRequestMessage(new HttpMethod(method), path) { Content = Doors.Json("{}") };
        using var response = await server.Http.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();

        Assert.Equal(status, (int)response.StatusCode);
        Doors.AssertError(path, response, text, code);
        Assert.All(Doors.All, door => Assert.Contains(door, text, StringComparison.Ordinal));
        Assert.Empty(server.Received.Received);
    }

    [Fact]
    public async Task An_upgrade_is_refused()
    {
        await using var server = await GatewayServer.StartAsync();
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", new Uri(server.Url).Port);
        await using var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            $"GET /v1/responses HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {server.Key}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
            + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"));
        var buffer = new byte[4096];
        var read = await stream.ReadAsync(buffer);

        var text = Encoding.ASCII.GetString(buffer, 0, read);
        Assert.StartsWith("HTTP/1.1 400", text, StringComparison.Ordinal);
        Assert.Contains(Codes.UpgradeRefused, text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bytes_in_flight_are_bounded_and_given_back()
    {
        await using var server = await GatewayServer.StartAsync(settings: s_small);
        var inFlight = server.App.Services.GetRequiredService<BytesInFlight>();
        Assert.True(inFlight.TryTake(2000));
        foreach (var route in Doors.All)
        {
            var (response, text) = await server.PostAsync(route, Doors.Body(route, new string('y', 3000)));
            Doors.AssertError(route, response, text, Codes.Busy);
            Assert.Equal(503, (int)response.StatusCode);
            Assert.Equal("true", response.Headers.GetValues("x-should-retry").Single());
        }

        Assert.Empty(server.Received.Received);
        inFlight.Return(2000);
        foreach (var route in Doors.All)
        {
            Assert.True((await server.PostAsync(route, Doors.Body(route, new string('y', 3000)))).Response.IsSuccessStatusCode);
        }

        Assert.Equal(0, inFlight.Current);
    }
}
