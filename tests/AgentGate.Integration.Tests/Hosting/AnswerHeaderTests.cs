using System.Net;
using System.Text;
using AgentGate.Diagnostics;
using AgentGate.Integration.Tests.Security;
using AgentGate.Server.Hosting;
using AgentGate.Threats.Behaviour;
using Microsoft.Extensions.DependencyInjection;

namespace AgentGate.Integration.Tests.Hosting;

/// <summary>What every answer carries, whoever refuses and however.</summary>
public sealed class AnswerHeaderTests
{
    private static readonly (string Name, string Value)[] s_always =
    [
        ("X-Content-Type-Options", "nosniff"),
        ("X-Frame-Options", "DENY"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
        ("Cross-Origin-Resource-Policy", "same-origin"),
    ];

    [Fact]
    public async Task Every_kind_of_answer_carries_the_headers_and_a_request_id()
    {
        await using var server = await HardenedServer.StartAsync();
        await server.App.Services.GetRequiredService<Blocklist>().BlockAsync(
            new BlockedAddress
            {
                Origin = "203.0.113.66", Reason = "by-hand", BlockedBy = "user_1", BlockedAt = TimeProvider.System.GetUtcNow(), ExpiresAt = TimeProvider.System.GetUtcNow().AddHours(1),
            },
            default);
        using var http = new HttpClient { BaseAddress = new Uri(server.Url) };
        (string Name, int Status, Func<Task<HttpResponseMessage>> Ask)[] answers =
        [
            ("served", 200, () => server.Http.GetAsync("/api/health")),
            ("the API", 200, () => server.Http.GetAsync("/api/security/blocked-addresses")),
            ("a door", 200, () => server.Http.PostAsync(Security.Doors.Chat, Security.Doors.Json(Security.Doors.Body(Security.Doors.Chat).ToJsonString()))),
            ("no key", 401, () => http.GetAsync("/api/security/blocked-addresses")),
            ("no key at a door", 401, () => http.PostAsync(Security.Doors.Chat, Security.Doors.Json("{}"))),
            ("no sign-in", 401, () => http.GetAsync("/playground")),
            ("no such route", 404, () => server.Http.GetAsync("/api/nothing")),
            ("no such page", 404, () => server.Http.GetAsync("/nothing")),
            ("another method", 405, () => server.Http.DeleteAsync("/api/alerts")),
            ("another media type", 415, () => server.Http.PostAsync("/api/security/blocked-addresses", new StringContent("x", Encoding.UTF8, "text/plain"))),
            ("bad JSON", 400, () => server.Http.PostAsync("/api/security/blocked-addresses", Security.Doors.Json("{"))),
            ("too large", 413, () => TooLargeAsync(server.Http)),
            ("too many headers", 431, () => server.FromAsync(null, HttpMethod.Get, "/api/health", null, [.. Enumerable.Range(0, 150).Select(i => ($"X-Many-{i}", "x"))])),
            ("too long a path", 414, () => server.Http.GetAsync("/api/health?" + new string('x', 9_000))),
            ("another host", 400, () => server.FromAsync(null, HttpMethod.Get, "/api/alerts", null, ("Host", "evil.example"))),
            ("blocked", 403, () => server.FromAsync("203.0.113.66", HttpMethod.Get, "/api/alerts")),
            ("preflight", 204, () => server.FromAsync(null, HttpMethod.Options, "/api/alerts", null, ("Origin", "http://localhost:3000"), ("Access-Control-Request-Method", "GET"))),
        ];

        foreach (var (name, status, ask) in answers)
        {
            using var response = await ask();

            Assert.True(status == (int)response.StatusCode, $"{name}: {(int)response.StatusCode} {await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)}");
            foreach (var (header, value) in s_always)
            {
                Assert.True(response.Header(header) == value, $"{name}: {header} is {response.Header(header)}");
            }

            Assert.True(response.Header("Referrer-Policy") is "no-referrer" or "same-origin", name);
            Assert.Contains("camera=()", response.Header("Permissions-Policy"), StringComparison.Ordinal);
            Assert.Contains("frame-ancestors 'none'", response.Header("Content-Security-Policy"), StringComparison.Ordinal);
            Assert.Matches("^[A-Za-z0-9._-]{1,64}$", response.Header("X-Request-ID"));
            Assert.Null(response.Header("Server"));
            Assert.Null(response.Header("X-Powered-By"));
            Assert.Null(response.Header("Strict-Transport-Security"));
            if (status >= 400)
            {
                Assert.Equal("no-store", response.Header("Cache-Control"));
            }
        }
    }

    [Theory]
    [InlineData("GET", "/api/nothing", null, 404, Codes.UnknownRoute)]
    [InlineData("PUT", "/api/alerts", "{}", 405, Codes.MethodRefused)]
    [InlineData("POST", "/api/security/blocked-addresses", "{", 400, Codes.RequestUnreadable)]
    [InlineData("POST", "/api/security/blocked-addresses", "[]", 400, Codes.RequestUnreadable)]
    [InlineData("POST", "/api/security/blocked-addresses", "{\"address\":5}", 400, Codes.RequestUnreadable)]
    public async Task Every_refusal_under_api_is_a_problem_document(string method, string path, string? body, int status, string code)
    {
        await using var server = await HardenedServer.StartAsync(trusts: false);
        using var request = new HttpRequestMessage(new HttpMethod(method), path) { Content = body is null ? null : Security.Doors.Json(body) };
        using var response = await server.Http.SendAsync(request, TestContext.Current.CancellationToken);
        var problem = System.Text.Json.Nodes.JsonNode.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!;

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal((status, code), (problem["status"]!.GetValue<int>(), problem["code"]!.GetValue<string>()));
        Assert.Equal(code, response.Code());
    }

    [Fact]
    public async Task What_nobody_foresaw_tells_the_caller_a_code_and_keeps_the_headers()
    {
        await using var server = await HardenedServer.StartAsync(customize: builder => builder.Services.AddSingleton<IBlockedAddressStore, BrokenStore>());
        using var response = await server.Http.GetAsync("/api/security/blocked-addresses", TestContext.Current.CancellationToken);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal(Codes.ServerFailed, response.Code());
        Assert.DoesNotContain("secret detail", text, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", text, StringComparison.Ordinal);
        Assert.Equal(("nosniff", "DENY", "no-store"), (response.Header("X-Content-Type-Options"), response.Header("X-Frame-Options"), response.Header("Cache-Control")));
        Assert.NotNull(response.Header("X-Request-ID"));
    }

    [Theory]
    [InlineData("trace-1.2_3", true)]
    [InlineData("a b", false)]
    [InlineData("<script>", false)]
    [InlineData("x\"y", false)]
    [InlineData("0123456789012345678901234567890123456789012345678901234567890123456789", false)]
    public async Task A_request_id_is_taken_only_where_it_can_be_nothing_else(string sent, bool taken)
    {
        await using var server = await HardenedServer.StartAsync(trusts: false);
        using var response = await server.FromAsync(null, HttpMethod.Get, "/api/health", null, ("X-Request-ID", sent));

        Assert.Equal(taken, response.Header("X-Request-ID") == sent);
        Assert.Matches("^[A-Za-z0-9._-]{1,64}$", response.Header("X-Request-ID"));
    }

    [Fact]
    public async Task Outside_development_an_answer_over_TLS_says_that_TLS_stays()
    {
        await using var server = await HardenedServer.StartAsync(environment: "Production");
        using var secure = await server.FromAsync("203.0.113.1", HttpMethod.Get, "/api/health", null, ("X-Forwarded-Proto", "https"));
        using var plain = await server.FromAsync("203.0.113.1", HttpMethod.Get, "/api/health");
        using var refused = await server.FromAsync("203.0.113.1", HttpMethod.Get, "/api/nothing", null, ("X-Forwarded-Proto", "https"));

        Assert.Equal("max-age=31536000", secure.Header("Strict-Transport-Security"));
        Assert.Equal("max-age=31536000", refused.Header("Strict-Transport-Security"));
        Assert.Null(plain.Header("Strict-Transport-Security"));
    }

    [Fact]
    public async Task What_is_no_HTTP_gets_no_body_and_no_name_of_the_server()
    {
        await using var server = await HardenedServer.StartAsync(trusts: false);
        var answer = await server.RawAsync("GET nonsense\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 400", answer, StringComparison.Ordinal);
        Assert.Contains("Content-Length: 0", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("Server:", answer, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task The_weaknesses_go_to_whom_the_operator_named_and_nobody_is_named_by_default()
    {
        await using (var silent = await HardenedServer.StartAsync(trusts: false))
        {
            Assert.Equal(HttpStatusCode.NotFound, (await silent.Http.GetAsync(SecurityTxt.Path, TestContext.Current.CancellationToken)).StatusCode);
        }

        await using var server = await HardenedServer.StartAsync(trusts: false, settings: new Dictionary<string, string?>
        {
            ["AgentGate:Http:SecurityContact"] = "mailto:security@example.org", ["AgentGate:SignIn:PublicUrl"] = "https://gate.example.org",
        });
        using var http = new HttpClient { BaseAddress = new Uri(server.Url) };
        var lines = (await http.GetStringAsync(SecurityTxt.Path, TestContext.Current.CancellationToken)).Split('\n', StringSplitOptions.RemoveEmptyEntries);

        Assert.Contains("Contact: mailto:security@example.org", lines);
        Assert.Contains("Canonical: https://gate.example.org/.well-known/security.txt", lines);
        var expires = DateTimeOffset.Parse(lines.Single(line => line.StartsWith("Expires: ", StringComparison.Ordinal))[9..], System.Globalization.CultureInfo.InvariantCulture);
        Assert.InRange(expires - TimeProvider.System.GetUtcNow(), TimeSpan.FromDays(170), TimeSpan.FromDays(365));
    }

    /// <summary>A store that reads at the start and never again.</summary>
    private sealed class BrokenStore : IBlockedAddressStore
    {
        private int _reads;

        public Task<(BlockedAddress Blocked, int MadeRoom)> AddAsync(BlockedAddress blocked, int most, CancellationToken cancellationToken) => throw new IOException("secret detail");

        public Task<(IReadOnlyList<BlockedAddress> Blocked, int Unreadable)> ReadAsync(DateTimeOffset now, CancellationToken cancellationToken)
            => Interlocked.Increment(ref _reads) == 1 ? Task.FromResult<(IReadOnlyList<BlockedAddress>, int)>(([], 0)) : throw new IOException("secret detail");

        public Task<bool> RemoveAsync(string id, CancellationToken cancellationToken) => throw new IOException("secret detail");

        public Task PurgeAsync(DateTimeOffset now, CancellationToken cancellationToken) => throw new IOException("secret detail");
    }

    /// <summary>Asked before it is sent: who writes on while the answer closes the connection may never read it.</summary>
    private static async Task<HttpResponseMessage> TooLargeAsync(HttpClient http)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/security/blocked-addresses") { Content = Security.Doors.Json(new string(' ', 2_200_000)) };
        request.Headers.ExpectContinue = true;
        return await http.SendAsync(request);
    }
}
