using System.Collections.Concurrent;
using System.Net;
using System.Text.Json.Nodes;
using AgentGate.Alerts;
using AgentGate.Diagnostics;
using AgentGate.Integration.Tests.Hosting;
using AgentGate.Pipeline;
using AgentGate.Server.Alerts;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace AgentGate.Integration.Tests.Alerts;

/// <summary>From an alert to its receivers.</summary>
public sealed class AlertDeliveryTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_test_alert_reaches_every_channel_in_its_form_and_signed()
    {
        await using var receiver = await AlertReceiver.StartAsync();
        await using var server = await HardenedServer.StartAsync(trusts: false, settings: new Dictionary<string, string?>
        {
            ["SECURITY_ALERT_WEBHOOK_URL"] = receiver.Url + "/hook",
            ["SECURITY_ALERT_WEBHOOK_SECRET"] = AlertReceiver.Secret,
            ["SECURITY_ALERT_WEBHOOK_HEADERS_JSON"] = """{"X-Team":"red"}""",
            ["SECURITY_ALERT_SLACK_WEBHOOK_URL"] = receiver.Url + "/slack",
            ["SECURITY_ALERT_SLACK_CHANNEL"] = "#alerts",
            ["SECURITY_ALERT_TEAMS_WEBHOOK_URL"] = receiver.Url + "/teams",
        });
        using var asked = await server.Http.PostAsync("/api/alerts/test", Security.Doors.Json("""{"priority":"critical"}"""), Stop);
        Assert.Equal(HttpStatusCode.Accepted, asked.StatusCode);
        AlertReceiver.Message[] got = [await receiver.NextAsync(Stop).WaitAsync(TimeSpan.FromSeconds(20), Stop), await receiver.NextAsync(Stop).WaitAsync(TimeSpan.FromSeconds(20), Stop), await receiver.NextAsync(Stop).WaitAsync(TimeSpan.FromSeconds(20), Stop)];

        var hook = got.Single(message => message.Path == "/hook");
        Assert.True(hook.IsSigned(TimeProvider.System.GetUtcNow()));
        Assert.False((hook with { Body = hook.Body + " " }).IsSigned(TimeProvider.System.GetUtcNow()));
        Assert.Equal("red", hook.Team);
        var data = JsonNode.Parse(hook.Body)!["data"]!;
        Assert.Equal((hook.Id, "critical", "test"), (data["alert_id"]!.GetValue<string>(), data["priority"]!.GetValue<string>(), data["category"]!.GetValue<string>()));

        var slack = JsonNode.Parse(got.Single(message => message.Path == "/slack").Body)!;
        Assert.Equal(("AgentGate Security", "#alerts"), (slack["username"]!.GetValue<string>(), slack["channel"]!.GetValue<string>()));
        Assert.NotNull(slack["attachments"]![0]!["color"]);

        var teams = JsonNode.Parse(got.Single(message => message.Path == "/teams").Body)!["attachments"]![0]!;
        Assert.Equal("application/vnd.microsoft.card.adaptive", teams["contentType"]!.GetValue<string>());
        Assert.Equal("AdaptiveCard", teams["content"]!["type"]!.GetValue<string>());

        // The list says so a moment later.
        var began = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var entry = JsonNode.Parse(await server.Http.GetStringAsync("/api/alerts?limit=1", Stop))!["alerts"]![0]!;
            if (entry["deliveries"]!.AsArray() is { Count: 4 } deliveries && deliveries.All(one => one!["state"]!.GetValue<string>() == "sent"))
            {
                break;
            }

            Assert.True(TimeProvider.System.GetElapsedTime(began) < TimeSpan.FromSeconds(20), "The list does not say that they arrived.");
        }
    }

    [Fact]
    public async Task A_receiver_that_is_down_gets_it_when_it_is_back_under_the_same_id()
    {
        await using var receiver = await AlertReceiver.StartAsync();
        receiver.Status = 500;
        await using var bench = await Bench.StartAsync(receiver);
        await bench.RaiseAsync(AlertSeverity.High);
        await bench.First.DeliverAsync(Stop);
        var failed = await receiver.NextAsync(Stop).WaitAsync(TimeSpan.FromSeconds(20), Stop);
        await bench.First.DeliverAsync(Stop);
        Assert.Empty(receiver.Messages);

        receiver.Status = 204;
        bench.Time.Advance(bench.Options.RetryFirst);
        await bench.First.DeliverAsync(Stop);
        var arrived = await receiver.NextAsync(Stop).WaitAsync(TimeSpan.FromSeconds(20), Stop);

        Assert.Equal((failed.Id, failed.Body), (arrived.Id, arrived.Body));
        Assert.Equal(AlertStates.Sent, await bench.StateAsync());
        Assert.Null(bench.First.Remark);
    }

    [Fact]
    public async Task A_receiver_that_stays_down_is_given_up_loudly()
    {
        await using var receiver = await AlertReceiver.StartAsync();
        receiver.Status = 503;
        await using var bench = await Bench.StartAsync(receiver);
        await bench.RaiseAsync(AlertSeverity.High);
        for (var i = 0; i < bench.Options.TriesMax + 3; i++)
        {
            await bench.First.DeliverAsync(Stop);
            bench.Time.Advance(TimeSpan.FromHours(1));
        }

        Assert.Equal(bench.Options.TriesMax, receiver.Messages.Count);
        Assert.Equal(AlertStates.GivenUp, await bench.StateAsync());
        Assert.Contains(bench.Lines, line => line.Contains(Codes.AlertGivenUp, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_receiver_is_left_alone_as_long_as_it_asks_for()
    {
        await using var receiver = await AlertReceiver.StartAsync();
        (receiver.Status, receiver.RetryAfter) = (429, "120");
        await using var bench = await Bench.StartAsync(receiver);
        await bench.RaiseAsync(AlertSeverity.High);
        await bench.First.DeliverAsync(Stop);
        bench.Time.Advance(TimeSpan.FromSeconds(119));
        await bench.First.DeliverAsync(Stop);
        Assert.Single(receiver.Messages);

        bench.Time.Advance(TimeSpan.FromSeconds(1));
        await bench.First.DeliverAsync(Stop);
        Assert.Equal(2, receiver.Messages.Count);
    }

    [Fact]
    public async Task A_receiver_that_is_gone_is_given_up_at_once()
    {
        await using var receiver = await AlertReceiver.StartAsync();
        receiver.Status = 410;
        await using var bench = await Bench.StartAsync(receiver);
        await bench.RaiseAsync(AlertSeverity.High);
        await bench.First.DeliverAsync(Stop);

        Assert.Equal(AlertStates.GivenUp, await bench.StateAsync());
        Assert.Contains(bench.Lines, line => line.Contains(Codes.AlertGivenUp, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_receiver_that_hangs_keeps_no_other_waiting()
    {
        var (hanging, other) = (new Hanging(), new Quick());
        await using var receiver = await AlertReceiver.StartAsync();
        await using var bench = await Bench.StartAsync(receiver, other: [hanging, other]);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        await bench.RaiseAsync(AlertSeverity.High);
        var running = bench.First.RunAsync(stop.Token);
        await hanging.Began.Task.WaitAsync(TimeSpan.FromSeconds(20), Stop);
        await bench.RaiseAsync(AlertSeverity.High, "203.0.113.10");

        // The clock stands: the first delivery stays on its way.
        var began = TimeProvider.System.GetTimestamp();
        while (other.Count < 2)
        {
            Assert.True(TimeProvider.System.GetElapsedTime(began) < TimeSpan.FromSeconds(20), "The other channel waits.");
            await Task.Yield();
        }

        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }

    [Fact]
    public async Task Two_servers_send_each_alert_once()
    {
        await using var receiver = await AlertReceiver.StartAsync();
        await using var bench = await Bench.StartAsync(receiver);
        for (var i = 0; i < 10; i++)
        {
            await bench.RaiseAsync(AlertSeverity.High, $"203.0.113.{i}");
        }

        await Task.WhenAll(bench.First.DeliverAsync(Stop), bench.Second.DeliverAsync(Stop), bench.First.DeliverAsync(Stop), bench.Second.DeliverAsync(Stop));
        await bench.First.DeliverAsync(Stop);

        Assert.Equal(10, receiver.Messages.Count);
        Assert.Equal(10, receiver.Messages.Select(message => message.Id).Distinct().Count());
    }

    [Fact]
    public async Task A_server_that_dies_between_taking_and_sending_leaves_it_to_the_other()
    {
        await using var receiver = await AlertReceiver.StartAsync();
        await using var bench = await Bench.StartAsync(receiver);
        await bench.RaiseAsync(AlertSeverity.Critical);

        // It is taken, and nobody ever says how it went.
        Assert.Single(await bench.Store.ClaimAsync(bench.Time.GetUtcNow(), TimeSpan.FromSeconds(40), 16, Stop));
        await bench.Second.DeliverAsync(Stop);
        Assert.Empty(receiver.Messages);
        bench.Time.Advance(TimeSpan.FromSeconds(40));
        await bench.Second.DeliverAsync(Stop);

        Assert.Single(receiver.Messages);
        Assert.Equal(AlertStates.Sent, await bench.StateAsync());
    }

    [Fact]
    public async Task The_log_names_no_address_no_account_and_no_user()
    {
        await using var receiver = await AlertReceiver.StartAsync();
        await using var bench = await Bench.StartAsync(receiver, log: true);
        await bench.RaiseAsync(AlertSeverity.Low);
        await bench.First.DeliverAsync(Stop);

        var line = Assert.Single(bench.Lines);
        Assert.Contains(Codes.AlertRaised, line, StringComparison.Ordinal);
        Assert.All((string[])["203.0.113.9", "jane@example.org", "user_1"], personal => Assert.DoesNotContain(personal, line, StringComparison.Ordinal));
        Assert.Empty(receiver.Messages);
    }

    [Fact]
    public async Task The_account_and_its_program_are_sent_to_nobody()
    {
        await using var receiver = await AlertReceiver.StartAsync();
        await using var bench = await Bench.StartAsync(receiver);
        await bench.RaiseAsync(AlertSeverity.High);
        await bench.First.DeliverAsync(Stop);

        var message = await receiver.NextAsync(Stop).WaitAsync(TimeSpan.FromSeconds(20), Stop);
        Assert.Contains("203.0.113.9", message.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("jane@example.org", message.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("curl", message.Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://127.0.0.1:1/hook")]
    [InlineData("https://localhost:1/hook")]
    [InlineData("https://[::1]:1/hook")]
    [InlineData("https://169.254.169.254/latest/meta-data")]
    public async Task A_receiver_inside_the_network_is_not_reached_unless_allowed(string url)
    {
        using var http = new AlertHttp(Options.Create(new AlertOptions()));

        Assert.Equal("unreachable", (await http.PostAsync(url, "{}"u8.ToArray(), [], Stop))?.Word);
    }

    [Theory]
    [InlineData("SECURITY_ALERT_WEBHOOK_URL", "http://example.org/hook", "WebhookUrl")]
    [InlineData("SECURITY_ALERT_WEBHOOK_URL", "https://example.org/hook", "WebhookSecret")]
    [InlineData("SECURITY_ALERT_SLACK_WEBHOOK_URL", "https://user:secret@example.org/hook", "SlackUrl")]
    [InlineData("SECURITY_ALERT_SLACK_MIN_PRIORITY", "urgent", "SECURITY_ALERT_SLACK_MIN_PRIORITY")]
    [InlineData("SECURITY_ALERT_MAX_PER_WINDOW", "many", "SECURITY_ALERT_MAX_PER_WINDOW")]
    [InlineData("SECURITY_ALERT_WEBHOOK_HEADERS_JSON", "[]", "SECURITY_ALERT_WEBHOOK_HEADERS_JSON")]
    [InlineData("SECURITY_ALERT_WEBHOOK_HEADERS_JSON", "{\"webhook-id\":\"x\"}", "webhook-id")]
    [InlineData("AgentGate:Alerts:TriesMax", "0", "TriesMax")]
    [InlineData("AgentGate:Behaviour:FailuresForBlock", "1", "FailuresForBlock")]
    [InlineData("AgentGate:Http:HeadersMax", "1", "HeadersMax")]
    [InlineData("AgentGate:Http:SecurityContact", "javascript:alert(1)", "SecurityContact")]
    [InlineData("AgentGate:Http:AllowedHosts:0", "https://gate.example.org/", "AllowedHosts")]
    [InlineData("AgentGate:Proxies:Trusted:0", "0.0.0.0/0", "Trusted")]
    [InlineData("AgentGate:Proxies:Trusted:0", "proxy", "Trusted")]
    [InlineData("ALLOWED_ORIGINS", "app.example.org", "ALLOWED_ORIGINS")]
    [InlineData("ALLOWED_ORIGINS", "https://app.example.org/path", "ALLOWED_ORIGINS")]
    [InlineData("ForwardedHeaders_Enabled", "true", "ASPNETCORE_FORWARDEDHEADERS_ENABLED")]
    public async Task A_setting_that_cannot_be_used_stops_the_start_and_is_named(string name, string value, string named)
    {
        var refused = await Record.ExceptionAsync(async () =>
        {
            await using var server = await HardenedServer.StartAsync(trusts: false, settings: new Dictionary<string, string?> { [name] = value, ["AgentGate:Alerts:AllowPrivateAddresses"] = "false" });
        });

        Assert.True(refused is InvalidOperationException or OptionsValidationException, refused?.ToString() ?? "it started");
        Assert.Contains(named, refused!.Message + refused.InnerException?.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("user:secret", refused.Message, StringComparison.Ordinal);
    }

    /// <summary>Two dispatchers on one store, whose clock the test has.</summary>
    private sealed class Bench(GatewayServer server, AlertOptions options, FakeTimeProvider time, AlertHttp http, ConcurrentQueue<string> lines, IAlertChannel[] channels, AlertSignal signal) : IAsyncDisposable
    {
        public AlertOptions Options => options;

        public FakeTimeProvider Time => time;

        public ConcurrentQueue<string> Lines => lines;

        public IAlertStore Store { get; } = server.App.Services.GetRequiredService<IAlertStore>();

        public AlertDispatcher First { get; } = Dispatcher(server, options, time, lines, channels, signal);

        public AlertDispatcher Second { get; } = Dispatcher(server, options, time, lines, channels, new AlertSignal());

        public static async Task<Bench> StartAsync(AlertReceiver receiver, bool log = false, IAlertChannel[]? other = null)
        {
            // The server is there for its store; what it would deliver by itself is taken out.
            var server = await GatewayServer.StartAsync(builder =>
            {
                foreach (var hosted in builder.Services.Where(one => one.ImplementationType == typeof(AlertService)).ToList())
                {
                    builder.Services.Remove(hosted);
                }
            });
            var options = new AlertOptions { WebhookUrl = receiver.Url, WebhookSecret = AlertReceiver.Secret, AllowPrivateAddresses = true };
            var (time, wrapped, lines) = (new FakeTimeProvider(TimeProvider.System.GetUtcNow()), Microsoft.Extensions.Options.Options.Create(options), new ConcurrentQueue<string>());
            var http = new AlertHttp(wrapped);
            IAlertChannel channel = log ? new LogChannel(wrapped, new Lines<LogChannel>(lines)) : new WebhookChannel(http, wrapped, time);
            return new Bench(server, options, time, http, lines, other ?? [channel], new AlertSignal());
        }

        public async Task RaiseAsync(AlertSeverity severity, string address = "203.0.113.9")
        {
            var desk = new AlertDesk(
                Store, channels, signal, new AlertMetrics(), new SystemIdSource(time), time, Microsoft.Extensions.Options.Options.Create(options), NullLogger<AlertDesk>.Instance);
            await desk.RaiseAsync(
                new Alert
                {
                    Severity = severity, Category = "brute-force", Source = "sign-in", Title = "Failed sign-ins", Description = "Again and again.", Address = address, UserId = "user_1", Account = "jane@example.org", UserAgent = "curl/8",
                },
                Stop);
        }

        public async Task<string> StateAsync() => Assert.Single(Assert.Single(await Store.ListAsync(10, Stop)).Deliveries).State;

        public async ValueTask DisposeAsync()
        {
            http.Dispose();
            await server.DisposeAsync();
        }

        private static AlertDispatcher Dispatcher(GatewayServer server, AlertOptions options, FakeTimeProvider time, ConcurrentQueue<string> lines, IAlertChannel[] channels, AlertSignal signal)
            => new(
                server.App.Services.GetRequiredService<IAlertStore>(), channels, signal, new AlertMetrics(), new Unspread(), time, Microsoft.Extensions.Options.Options.Create(options), new Lines<AlertDispatcher>(lines));
    }

    private sealed class Hanging : IAlertChannel
    {
        public TaskCompletionSource Began { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public string Name => "hanging";

        public bool Takes(AlertSeverity severity) => true;

        public async Task<AlertFailure?> SendAsync(StoredAlert alert, CancellationToken cancellationToken)
        {
            Began.TrySetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
            return null;
        }
    }

    private sealed class Quick : IAlertChannel
    {
        private int _count;

        public int Count => Volatile.Read(ref _count);

        public string Name => "quick";

        public bool Takes(AlertSeverity severity) => true;

        public Task<AlertFailure?> SendAsync(StoredAlert alert, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _count);
            return Task.FromResult<AlertFailure?>(null);
        }
    }

    /// <summary>Keeps what is logged.</summary>
    private sealed class Lines<T>(ConcurrentQueue<string> lines) : ILogger<T>
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => lines.Enqueue(formatter(state, exception));
    }

    /// <summary>No chance, so that tries come when the rule says.</summary>
    private sealed class Unspread : IIdSource
    {
        public string NewId() => Guid.NewGuid().ToString("n");

        public void Fill(Span<byte> destination) => destination.Clear();
    }
}
