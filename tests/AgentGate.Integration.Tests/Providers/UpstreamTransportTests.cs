using System.Diagnostics;
using System.Text;
using AgentGate.Kernel.Decisions;
using AgentGate.Providers;
using AgentGate.Server.Providers.Upstream;
using Microsoft.AspNetCore.Http;

namespace AgentGate.Integration.Tests.Providers;

public sealed class UpstreamTransportTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    private static Denial Failed(UpstreamResponse response) => Assert.IsType<UpstreamResponse.Failed>(response).Denial;

    private static Task Json(HttpContext context, string body, int status = 200)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json; charset=utf-8";
        return context.Response.WriteAsync(body);
    }

    private static async Task Sse(HttpContext context, params string[] blocks)
    {
        context.Response.ContentType = "text/event-stream";
        foreach (var block in blocks)
        {
            await context.Response.WriteAsync(block);
            await context.Response.Body.FlushAsync();
        }
    }

    [Fact]
    public async Task Only_listed_headers_travel_and_the_bytes_are_those_of_the_permit()
    {
        await using var bench = await UpstreamBench.StartAsync(c => Json(c, "{\"ok\":1}"), o => o.Organization = "org-1");
        using var activity = new Activity("caller").Start();
        var route = bench.Route();
        var permit = UpstreamBench.Permit("{\"model\":\"m\",\"x\":\"ü\"}", route.Target);

        var answer = await bench.Transport.SendAsync(
            route, permit, new UpstreamHeaders { AnthropicVersion = "2023-06-01", AnthropicBeta = "x" }, CancellationToken.None);

        var whole = Assert.IsType<UpstreamResponse.Whole>(answer);
        Assert.Equal("{\"ok\":1}", Encoding.UTF8.GetString(whole.Body.Span));
        Assert.Equal("application/json", whole.MediaType);
        var (path, headers, body) = Assert.Single(bench.Seen);
        Assert.Equal("/v1/chat/completions", path);
        Assert.Equal("{\"model\":\"m\",\"x\":\"ü\"}", body);
        Assert.Equal(permit.ContentDigest, permit.TransportDigest);
        Assert.Equal("Bearer sk-secret", headers["authorization"]);
        Assert.Equal("identity", headers["accept-encoding"]);
        Assert.Equal("application/json", headers["content-type"]);
        Assert.Equal(
            ["accept", "accept-encoding", "authorization", "content-length", "content-type", "host", "openai-organization", "user-agent"],
            headers.Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Anthropic_gets_its_own_headers_and_only_the_allowed_betas()
    {
        await using var bench = await UpstreamBench.StartAsync(c => Json(c, "{}"), o => o.AnthropicBetas.Add("fine-2025"), ProviderKind.Anthropic);

        await bench.SendAsync(headers: new() { AnthropicVersion = "2024-01-01", AnthropicBeta = "mcp-client, fine-2025" }, format: WireFormat.AnthropicMessages);
        await bench.SendAsync(headers: new() { AnthropicVersion = "x\r\ny", AnthropicBeta = "mcp-client" }, format: WireFormat.AnthropicCountTokens);

        var seen = bench.Seen.ToArray();
        Assert.Equal("/v1/messages", seen[0].Path);
        Assert.Equal("sk-secret", seen[0].Headers["x-api-key"]);
        Assert.False(seen[0].Headers.ContainsKey("authorization"));
        Assert.Equal("2024-01-01", seen[0].Headers["anthropic-version"]);
        Assert.Equal("fine-2025", seen[0].Headers["anthropic-beta"]);
        Assert.Equal("/v1/messages/count_tokens", seen[1].Path);
        Assert.Equal("2023-06-01", seen[1].Headers["anthropic-version"]);
        Assert.False(seen[1].Headers.ContainsKey("anthropic-beta"));
    }

    [Fact]
    public async Task A_target_outside_the_permit_is_never_contacted()
    {
        await using var bench = await UpstreamBench.StartAsync(c => Json(c, "{}"));
        var permit = UpstreamBench.Permit("{}", new EffectTarget("fake", "another-model"), new EffectTarget("fake", "m", "eu"));

        var error = await Assert.ThrowsAsync<InvalidOperationException>(
            () => bench.Transport.SendAsync(bench.Route(), permit, UpstreamHeaders.None, CancellationToken.None));

        Assert.Contains("AG5009", error.Message, StringComparison.Ordinal);
        Assert.Empty(bench.Seen);
        Assert.Null(permit.TransportDigest);
    }

    [Fact]
    public async Task Bytes_that_the_permit_does_not_cover_never_leave()
    {
        await using var bench = await UpstreamBench.StartAsync(c => Json(c, "{}"));
        var liar = new Pipeline.Permit("call-1", new ChangingContent(), new byte[32], [bench.Route().Target]);

        await Assert.ThrowsAnyAsync<Exception>(
            () => bench.Transport.SendAsync(bench.Route(), liar, UpstreamHeaders.None, CancellationToken.None));

        Assert.Empty(bench.Seen);
    }

    [Fact]
    public async Task A_permit_is_good_for_one_request()
    {
        await using var bench = await UpstreamBench.StartAsync(c => Json(c, "{}"));
        var permit = UpstreamBench.Permit("{}", bench.Route().Target);
        await bench.Transport.SendAsync(bench.Route(), permit, UpstreamHeaders.None, CancellationToken.None);

        await Assert.ThrowsAsync<InvalidOperationException>(
            () => bench.Transport.SendAsync(bench.Route(), permit, UpstreamHeaders.None, CancellationToken.None));

        Assert.Single(bench.Seen);
    }

    [Fact]
    public async Task A_redirect_is_not_followed()
    {
        await using var bench = await UpstreamBench.StartAsync(c =>
        {
            c.Response.Redirect("/v1/elsewhere", permanent: false, preserveMethod: true);
            return Task.CompletedTask;
        });

        Assert.Equal("AG5003", Failed(await bench.SendAsync()).Code);
        Assert.Single(bench.Seen);
    }

    [Fact]
    public async Task An_encoding_that_was_not_asked_for_is_refused()
    {
        await using var bench = await UpstreamBench.StartAsync(c =>
        {
            c.Response.Headers.ContentEncoding = "gzip";
            return Json(c, "{}");
        });

        Assert.Equal("AG5007", Failed(await bench.SendAsync()).Code);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_answer_beyond_the_bound_is_refused_with_and_without_a_length(bool length)
    {
        await using var bench = await UpstreamBench.StartAsync(
            async c =>
            {
                c.Response.ContentLength = length ? 5_000 : null;
                await c.Response.WriteAsync(new string('x', 5_000));
            },
            o => o.ResponseBytesMax = 4_096);

        Assert.Equal("AG5006", Failed(await bench.SendAsync()).Code);
    }

    [Fact]
    public async Task An_error_of_the_provider_comes_whole_with_its_listed_headers()
    {
        await using var bench = await UpstreamBench.StartAsync(c =>
        {
            c.Response.Headers["x-request-id"] = "req-1";
            c.Response.Headers["retry-after"] = "7";
            c.Response.Headers["x-ratelimit-remaining-requests"] = "0";
            c.Response.Headers["set-cookie"] = "a=b";
            c.Response.Headers["x-internal"] = "secret";
            return Json(c, "{\"error\":{}}", 429);
        });

        var whole = Assert.IsType<UpstreamResponse.Whole>(await bench.SendAsync());

        Assert.Equal(429, whole.Status);
        Assert.Equal("{\"error\":{}}", Encoding.UTF8.GetString(whole.Body.Span));
        Assert.Equal(["retry-after", "x-ratelimit-remaining-requests", "x-request-id"], whole.Headers.Select(h => h.Key).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_retry_sends_the_same_bytes_and_only_as_often_as_configured()
    {
        var count = 0;
        await using var bench = await UpstreamBench.StartAsync(
            c =>
            {
                c.Response.Headers.RetryAfter = "0";
                return Json(c, "{}", Interlocked.Increment(ref count) <= 2 ? 503 : 200);
            },
            o => o.Retries = 2);

        Assert.Equal(200, Assert.IsType<UpstreamResponse.Whole>(await bench.SendAsync("{\"a\":1}")).Status);
        Assert.Equal(["{\"a\":1}", "{\"a\":1}", "{\"a\":1}"], bench.Seen.Select(s => s.Body));

        count = -5;
        Assert.Equal(503, Assert.IsType<UpstreamResponse.Whole>(await bench.SendAsync()).Status);
        Assert.Equal(6, bench.Seen.Count);
    }

    [Fact]
    public async Task An_error_that_a_retry_could_double_is_not_sent_again()
    {
        await using var bench = await UpstreamBench.StartAsync(c => Json(c, "{}", 500), o => o.Retries = 3);

        await bench.SendAsync();

        Assert.Single(bench.Seen);
    }

    [Fact]
    public async Task A_provider_that_is_not_there_is_unreachable()
    {
        await using var bench = await UpstreamBench.StartAsync(c => Json(c, "{}"), o => o.BaseUrl = "http://127.0.0.1:1/v1");

        var denial = Failed(await bench.SendAsync());

        Assert.Equal("AG5004", denial.Code);
        Assert.Equal(DenialKind.Upstream, denial.Kind);
    }

    [Fact]
    public async Task A_stream_gives_its_events_and_the_bytes_as_received()
    {
        await using var bench = await UpstreamBench.StartAsync(c => Sse(c, "event: a\nda", "ta: 1\n\n", ": ping\n\ndata: [DONE]\n\n"));
        var received = new MemoryStream();

        var answer = Assert.IsType<UpstreamResponse.Events>(await bench.SendAsync(headers: new() { Stream = true }));
        await using var stream = answer.Stream;
        stream.Observe(bytes => received.Write(bytes.Span));
        var first = await stream.ReadAsync(CancellationToken.None);
        var second = await stream.ReadAsync(CancellationToken.None);

        Assert.Equal(("a", "1"), (first!.Name, Encoding.UTF8.GetString(first.Data.Span)));
        Assert.Equal((null, "[DONE]"), (second!.Name, Encoding.UTF8.GetString(second.Data.Span)));
        Assert.Null(await stream.ReadAsync(CancellationToken.None));
        Assert.Equal("event: a\ndata: 1\n\n: ping\n\ndata: [DONE]\n\n", Encoding.UTF8.GetString(received.ToArray()));
        Assert.Equal("text/event-stream", bench.Seen.Single().Headers["accept"]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_stream_that_breaks_off_says_so(bool abort)
    {
        var read = new TaskCompletionSource();
        await using var bench = await UpstreamBench.StartAsync(async c =>
        {
            await Sse(c, "data: 1\n\n", "data: 2");
            await read.Task.WaitAsync(s_patience);
            if (abort)
            {
                c.Abort();
            }
        });

        await using var stream = Assert.IsType<UpstreamResponse.Events>(await bench.SendAsync()).Stream;
        Assert.NotNull(await stream.ReadAsync(CancellationToken.None));
        read.SetResult();
        var error = await Assert.ThrowsAsync<UpstreamException>(async () => await stream.ReadAsync(CancellationToken.None));

        Assert.Equal("AG5008", error.Denial.Code);
    }

    [Fact]
    public async Task An_event_beyond_the_bound_ends_the_stream()
    {
        await using var bench = await UpstreamBench.StartAsync(c => Sse(c, "data: " + new string('x', 5_000)), o => o.EventBytesMax = 2_048);

        await using var stream = Assert.IsType<UpstreamResponse.Events>(await bench.SendAsync()).Stream;
        var error = await Assert.ThrowsAsync<UpstreamException>(async () => await stream.ReadAsync(CancellationToken.None));

        Assert.Equal("AG5006", error.Denial.Code);
    }

    [Fact]
    public async Task Silence_before_and_within_an_answer_ends_it()
    {
        var never = new TaskCompletionSource();
        await using var mute = await UpstreamBench.StartAsync(c => never.Task.WaitAsync(c.RequestAborted), o => o.FirstByteTimeout = TimeSpan.FromMilliseconds(200));
        Assert.Equal("AG5005", Failed(await mute.SendAsync()).Code);

        await using var stuck = await UpstreamBench.StartAsync(
            async c =>
            {
                await Sse(c, "data: 1\n\n");
                await never.Task.WaitAsync(c.RequestAborted);
            },
            o => o.IdleTimeout = TimeSpan.FromMilliseconds(200));
        await using var stream = Assert.IsType<UpstreamResponse.Events>(await stuck.SendAsync()).Stream;
        Assert.NotNull(await stream.ReadAsync(CancellationToken.None));
        var error = await Assert.ThrowsAsync<UpstreamException>(async () => await stream.ReadAsync(CancellationToken.None));
        Assert.Equal("AG5005", error.Denial.Code);
    }

    [Theory]
    [InlineData("before")]
    [InlineData("within")]
    [InlineData("dispose")]
    public async Task A_caller_who_goes_away_aborts_the_request_to_the_provider(string when)
    {
        var arrived = new TaskCompletionSource();
        var aborted = new TaskCompletionSource();
        await using var bench = await UpstreamBench.StartAsync(async c =>
        {
            if (when != "before")
            {
                await Sse(c, "data: 1\n\n");
            }

            arrived.SetResult();
            await using var _ = c.RequestAborted.Register(aborted.SetResult);
            await aborted.Task.WaitAsync(s_patience);
        });
        using var caller = new CancellationTokenSource();

        var sending = bench.SendAsync(cancellationToken: caller.Token);
        if (when == "before")
        {
            await arrived.Task.WaitAsync(s_patience);
            await caller.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending);
        }
        else
        {
            var stream = Assert.IsType<UpstreamResponse.Events>(await sending).Stream;
            await stream.ReadAsync(caller.Token);
            if (when == "within")
            {
                var reading = stream.ReadAsync(caller.Token);
                await caller.CancelAsync();
                await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await reading);
            }

            await stream.DisposeAsync();
        }

        await aborted.Task.WaitAsync(s_patience);
    }

    [Fact]
    public async Task The_demo_provider_goes_the_same_way_without_a_network()
    {
        await using var bench = await UpstreamBench.StartAsync(c => Json(c, "{}"));
        var route = bench.Route(model: "demo-echo");
        var permit = UpstreamBench.Permit("""{"model":"demo-echo","stream":true,"messages":[{"role":"user","content":"hi <SSN_1>"}]}""", route.Target);

        var answer = await bench.Transport.SendAsync(route, permit, new() { Stream = true }, CancellationToken.None);

        await using var stream = Assert.IsType<UpstreamResponse.Events>(answer).Stream;
        var all = new StringBuilder();
        while (await stream.ReadAsync(CancellationToken.None) is { } next)
        {
            all.Append(Encoding.UTF8.GetString(next.Data.Span)).Append('\n');
        }

        Assert.EndsWith("[DONE]\n", all.ToString(), StringComparison.Ordinal);
        var received = Assert.Single(bench.Demo.Received);
        Assert.Equal(permit.ContentDigest, permit.TransportDigest);
        Assert.Equal("/v1/chat/completions", received.Path);
        Assert.Contains("<SSN_1>", Encoding.UTF8.GetString(received.Body.Span), StringComparison.Ordinal);
        Assert.Empty(bench.Seen);
    }
}
