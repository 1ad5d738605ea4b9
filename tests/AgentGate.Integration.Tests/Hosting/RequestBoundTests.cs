using System.Net;
using System.Text;
using AgentGate.Diagnostics;
using AgentGate.Integration.Tests.Security;
using AgentGate.Server.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace AgentGate.Integration.Tests.Hosting;

/// <summary>What is too large, too deep or too slow, and who says where a request comes from.</summary>
public sealed class RequestBoundTests
{
    private const string Blocked = "/api/security/blocked-addresses";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_body_over_the_bound_is_refused_whether_it_tells_its_length_or_not(bool chunked)
    {
        await using var server = await HardenedServer.StartAsync(trusts: false, settings: new Dictionary<string, string?> { ["MAX_REQUEST_BODY_BYTES"] = "4096" });
        using var request = new HttpRequestMessage(HttpMethod.Post, Blocked) { Content = Security.Doors.Json("{\"reason\":\"" + new string('x', 5_000) + "\"}") };
        request.Headers.TransferEncodingChunked = chunked;
        using var response = await server.Http.SendAsync(request, Stop);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        Assert.Equal(Codes.TooLarge, response.Code());
        Assert.Contains("4096", await response.Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(60, HttpStatusCode.Created)]
    [InlineData(70, HttpStatusCode.BadRequest)]
    [InlineData(100_000, HttpStatusCode.BadRequest)]
    public async Task A_body_nested_too_deep_is_refused(int depth, HttpStatusCode status)
    {
        await using var server = await HardenedServer.StartAsync(trusts: false);
        using var response = await server.Http.PostAsync(
            Blocked, Security.Doors.Json("{\"address\":\"203.0.113.9\",\"ignored\":" + new string('[', depth) + new string(']', depth) + "}"), Stop);

        Assert.Equal(status, response.StatusCode);
    }

    [Fact]
    public async Task A_request_that_takes_too_long_ends_with_a_document_and_its_token_is_cancelled()
    {
        var time = new FakeTimeProvider();
        var (context, entered, cancelled) = (new DefaultHttpContext(), new TaskCompletionSource(), false);
        context.Request.Path = "/api/slow";
        context.Response.Body = new MemoryStream();
        context.RequestServices = new ServiceCollection().AddLogging().AddProblemDetails().BuildServiceProvider();
        var bound = new ApiTimeBound(
            async inner =>
            {
                entered.SetResult();
                try
                {
                    await Task.Delay(Timeout.Infinite, inner.RequestAborted);
                }
                finally
                {
                    cancelled = inner.RequestAborted.IsCancellationRequested;
                }
            },
            Options.Create(new HttpOptions()),
            time,
            new GateMetrics());

        var served = bound.InvokeAsync(context);
        await entered.Task;
        time.Advance(TimeSpan.FromSeconds(59));
        Assert.False(served.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(1));
        await served;

        Assert.True(cancelled);
        Assert.Equal(503, context.Response.StatusCode);
        Assert.Contains(Codes.RequestTimedOut, Encoding.UTF8.GetString(((MemoryStream)context.Response.Body).ToArray()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_door_and_a_page_may_take_longer()
    {
        var time = new FakeTimeProvider();
        foreach (var path in (string[])["/v1/chat/completions", "/_blazor", "/playground"])
        {
            var (context, end) = (new DefaultHttpContext(), new TaskCompletionSource());
            context.Request.Path = path;
            var served = new ApiTimeBound(inner => end.Task.WaitAsync(inner.RequestAborted), Options.Create(new HttpOptions()), time, new GateMetrics()).InvokeAsync(context);
            time.Advance(TimeSpan.FromHours(1));
            end.SetResult();
            await served;

            Assert.Equal(200, context.Response.StatusCode);
        }
    }

    [Fact]
    public async Task A_sender_that_brings_its_headers_too_slowly_is_let_go()
    {
        await using var server = await HardenedServer.StartAsync(trusts: false, settings: new Dictionary<string, string?> { ["AgentGate:Http:HeadersTimeout"] = "00:00:01" });

        // It ends by the server's own clock: without the bound this would wait for ever, and the test's limit would end it.
        var answer = await server.RawAsync("POST /api/alerts/test HTTP/1.1\r\nHost: localhost\r\nX-Slow: ").WaitAsync(TimeSpan.FromSeconds(20), Stop);

        Assert.True(answer.Length == 0 || answer.StartsWith("HTTP/1.1 408", StringComparison.Ordinal), answer);
    }

    [Theory]
    [InlineData("evil.example", false)]
    [InlineData("localhost.evil.example", false)]
    [InlineData("127.0.0.1.nip.io", false)]
    [InlineData("192.168.1.7", false)]
    [InlineData("localhost", true)]
    [InlineData("LOCALHOST:1234", true)]
    [InlineData("[::1]", true)]
    [InlineData("gate.example.org", true)]
    [InlineData("other.example.org:8443", true)]
    public async Task Only_its_own_names_are_answered(string host, bool answered)
    {
        await using var server = await HardenedServer.StartAsync(trusts: false, settings: new Dictionary<string, string?>
        {
            ["AgentGate:SignIn:PublicUrl"] = "https://gate.example.org", ["AgentGate:Http:AllowedHosts:0"] = "other.example.org",
        });
        using var response = await server.FromAsync(null, HttpMethod.Get, "/api/alerts", null, ("Host", host));
        using var probe = await server.FromAsync(null, HttpMethod.Get, "/health/live", null, ("Host", host));

        Assert.Equal(answered ? HttpStatusCode.OK : HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal(answered ? string.Empty : Codes.HostRefused, response.Code());
        Assert.Equal(HttpStatusCode.OK, probe.StatusCode);
        Assert.DoesNotContain(host, await response.Content.ReadAsStringAsync(Stop), StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("http://localhost:3000", null, true)]
    [InlineData("http://127.0.0.1:3000", null, true)]
    [InlineData("http://localhost:3001", null, false)]
    [InlineData("https://app.example.org", "https://app.example.org , https://b.example.org/", true)]
    [InlineData("https://b.example.org", "https://app.example.org , https://b.example.org/", true)]
    [InlineData("http://localhost:3000", "https://app.example.org", false)]
    [InlineData("https://app.example.org.evil.example", "https://app.example.org", false)]
    [InlineData("null", "https://app.example.org", false)]
    [InlineData("https://anybody.example", "*", true)]
    public async Task Other_origins_are_answered_as_configured_and_never_with_credentials(string origin, string? configured, bool allowed)
    {
        await using var server = await HardenedServer.StartAsync(trusts: false, settings: configured is null ? null : new Dictionary<string, string?> { ["ALLOWED_ORIGINS"] = configured });
        using var http = new HttpClient { BaseAddress = new Uri(server.Url) };
        using var ask = new HttpRequestMessage(HttpMethod.Options, "/api/alerts");
        ask.Headers.Add("Origin", origin);
        ask.Headers.Add("Access-Control-Request-Method", "POST");
        ask.Headers.Add("Access-Control-Request-Headers", "authorization,content-type");
        using var preflight = await http.SendAsync(ask, Stop);
        using var refused = await server.FromAsync(null, HttpMethod.Get, "/api/nothing", null, ("Origin", origin));
        var expected = !allowed ? null : configured == "*" ? "*" : origin;

        Assert.Equal(HttpStatusCode.NoContent, preflight.StatusCode);
        Assert.Equal(expected, preflight.Header("Access-Control-Allow-Origin"));
        Assert.Equal(expected, refused.Header("Access-Control-Allow-Origin"));
        Assert.Null(preflight.Header("Access-Control-Allow-Credentials"));
        Assert.Null(refused.Header("Access-Control-Allow-Credentials"));
        if (allowed)
        {
            Assert.Contains("POST", preflight.Header("Access-Control-Allow-Methods"), StringComparison.Ordinal);
            Assert.Contains("Authorization", preflight.Header("Access-Control-Allow-Headers"), StringComparison.OrdinalIgnoreCase);
            Assert.Contains("X-Request-ID", refused.Header("Access-Control-Expose-Headers"), StringComparison.Ordinal);
            Assert.Contains("RateLimit", refused.Header("Access-Control-Expose-Headers"), StringComparison.Ordinal);
            Assert.Contains("WWW-Authenticate", refused.Header("Access-Control-Expose-Headers"), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_page_of_an_allowed_origin_may_read_why_it_was_refused_by_size_or_host()
    {
        const string origin = "https://app.example.org";
        await using var server = await HardenedServer.StartAsync(trusts: false, settings: new Dictionary<string, string?> { ["ALLOWED_ORIGINS"] = origin, ["MAX_REQUEST_BODY_BYTES"] = "4096" });
        using var target = await server.FromAsync(null, HttpMethod.Get, "/api/alerts?" + new string('a', 15_000), null, ("Origin", origin));
        using var headers = await server.FromAsync(null, HttpMethod.Get, "/api/alerts", null, ("Origin", origin), ("X-Long", new string('a', 40_000)));
        using var body = await server.FromAsync(null, HttpMethod.Post, "/api/alerts/test", new ByteArrayContent(new byte[6_000]), ("Origin", origin));
        using var host = await server.FromAsync(null, HttpMethod.Get, "/api/alerts", null, ("Origin", origin), ("Host", "evil.example"));

        Assert.Equal([414, 431, 413, 400], new[] { target, headers, body, host }.Select(one => (int)one.StatusCode));
        Assert.All([target, headers, body, host], one => Assert.Equal(origin, one.Header("Access-Control-Allow-Origin")));
    }
}
