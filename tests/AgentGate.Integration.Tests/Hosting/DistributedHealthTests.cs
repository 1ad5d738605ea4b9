using System.Collections.Concurrent;
using System.Net;
using AgentGate.Diagnostics;
using AgentGate.Integration.Tests.Identity;
using AgentGate.Pipeline;
using AgentGate.Server.Health;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace AgentGate.Integration.Tests.Hosting;

/// <summary>Other services that a server watches, by the published variables.</summary>
public sealed class DistributedHealthTests
{
    private const string Prefix = "AGENTGATE_DISTRIBUTED_HEALTH_MONITOR_";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_service_that_fails_as_often_as_the_threshold_says_is_told_of_once_and_once_when_it_is_well_again()
    {
        var (world, alerts) = (new World(), new Alerts());
        using var monitor = Monitor(alerts, world, ("TARGETS", "worker=http://worker.internal/health, store|http://store.internal/|pong"), ("FAILURE_THRESHOLD", "2"));
        await monitor.LookAsync(Stop);
        Assert.Equal([null, null], monitor.States.Select(state => state.Failure));
        Assert.Null(monitor.Remark);

        world.Answers["worker.internal"] = (HttpStatusCode.BadGateway, "");
        world.Answers["store.internal"] = (HttpStatusCode.OK, "something else");
        await monitor.LookAsync(Stop);
        Assert.Empty(alerts.Raised);
        await monitor.LookAsync(Stop);
        await monitor.LookAsync(Stop);
        Assert.Equal([("service-fails", "store", "unexpected-body"), ("service-fails", "worker", "status-502")], alerts.Raised.Order());
        Assert.StartsWith(Codes.MonitoredServiceFails + ": 2 of 2", monitor.Remark, StringComparison.Ordinal);
        Assert.DoesNotContain("internal", monitor.Remark, StringComparison.Ordinal);

        world.Answers.Clear();
        await monitor.LookAsync(Stop);
        await monitor.LookAsync(Stop);
        Assert.Equal([("service-recovered", "store", "none"), ("service-recovered", "worker", "none")], alerts.Raised.Skip(2).Order());
        Assert.Null(monitor.Remark);
    }

    [Fact]
    public async Task What_cannot_be_reached_or_takes_too_long_fails_too()
    {
        var (world, time) = (new World(), new FakeTimeProvider());
        using var monitor = Monitor(
            new Alerts(), world, time, ("TARGETS_JSON", """[{"name":"gone","url":"http://gone.internal/"},{"name":"slow","url":"http://slow.internal/"},{"name":"moved","url":"http://moved.internal/","expected_status":302}]"""));
        world.Answers["moved.internal"] = (HttpStatusCode.Redirect, "");
        var looked = monitor.LookAsync(Stop);
        await world.Slow.Task.WaitAsync(Stop);
        time.Advance(TimeSpan.FromSeconds(6));
        await looked;

        Assert.Equal(["unreachable", "timed-out", null], monitor.States.Select(state => state.Failure));
    }

    [Theory]
    [InlineData("TARGETS", "")]
    [InlineData("TARGETS", "worker=ftp://worker/")]
    [InlineData("TARGETS", "worker=http://user:secret@worker/")]
    [InlineData("TARGETS", "a=http://one/,a=http://two/")]
    [InlineData("TARGETS", "two words=http://one/")]
    [InlineData("TARGETS_JSON", "{}")]
    [InlineData("TARGETS_JSON", """[{"name":"a","url":"http://one/","expected_status":7}]""")]
    [InlineData("INTERVAL_SECONDS", "4")]
    [InlineData("TIMEOUT_SECONDS", "0")]
    [InlineData("FAILURE_THRESHOLD", "many")]
    [InlineData("ENABLED", "maybe")]
    public void What_cannot_be_used_stops_the_start_and_repeats_no_address(string name, string value)
    {
        var refused = Assert.Throws<InvalidOperationException>(() => Read((name, value)));

        Assert.StartsWith(Codes.ConfigurationInvalid + ": AGENTGATE_DISTRIBUTED_HEALTH_MONITOR_", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Everybody_is_told_how_many_fail_and_the_operator_which()
    {
        await using var server = await GatewayServer.StartAsync(settings: new Dictionary<string, string?>
        {
            [Prefix + "ENABLED"] = "true", [Prefix + "TARGETS"] = "hidden-name=http://127.0.0.1:1/health", [Prefix + "FAILURE_THRESHOLD"] = "1",
        });
        using var nobody = server.Client(null);
        using var operators = server.Client(await server.CreateKeyAsync("agent_op", Scopes.MetricsRead));
        var (status, _, body) = await nobody.AskAsync("GET", "/api/health/distributed");
        Assert.Equal((200, true, 1), (status, body!["enabled"]!.GetValue<bool>(), body["services"]!.GetValue<int>()));
        Assert.DoesNotContain("hidden", body.ToJsonString(), StringComparison.Ordinal);

        var (_, _, all) = await operators.AskAsync("GET", "/api/health/distributed/services");
        Assert.Equal("hidden-name", all!["services"]![0]!["name"]!.GetValue<string>());
        Assert.DoesNotContain("127.0.0.1", all.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_services_there_is_nothing_to_tell()
    {
        await using var server = await GatewayServer.StartAsync();
        using var nobody = server.Client(null);
        var (status, _, body) = await nobody.AskAsync("GET", "/api/health/distributed");
        Assert.Equal((200, "disabled", false), (status, body!["status"]!.GetValue<string>(), body["enabled"]!.GetValue<bool>()));

        // The name the reference had in 1.0 leads to where it is.
        using var moved = await nobody.GetAsync("/api/reference", Stop);
        Assert.Equal((308, "/docs/api-reference"), ((int)moved.StatusCode, moved.Headers.Location!.OriginalString));
    }

    private static HealthMonitorOptions Read(params (string Name, string Value)[] settings)
        => HealthMonitorOptions.Read(new ConfigurationBuilder().AddInMemoryCollection(
            new Dictionary<string, string?> { [Prefix + "ENABLED"] = "true" }.Concat(settings.Select(one => KeyValuePair.Create(Prefix + one.Name, (string?)one.Value)))
                .GroupBy(pair => pair.Key).Select(same => same.Last())).Build());

    private static DistributedHealthMonitor Monitor(IAlerts alerts, World world, params (string, string)[] settings) => Monitor(alerts, world, new FakeTimeProvider(), settings);

    private static DistributedHealthMonitor Monitor(IAlerts alerts, World world, TimeProvider time, params (string, string)[] settings)
        => new(Read(settings), alerts, time, NullLogger<DistributedHealthMonitor>.Instance, world);

    /// <summary>Services, by the names of their machines; well where nothing else is said.</summary>
    private sealed class World : HttpMessageHandler
    {
        public ConcurrentDictionary<string, (HttpStatusCode Status, string Body)> Answers { get; } = new();

        public TaskCompletionSource Slow { get; } = new();

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var host = request.RequestUri!.Host;
            if (host == "gone.internal")
            {
                throw new HttpRequestException("gone");
            }

            if (host == "slow.internal")
            {
                Slow.SetResult();
                await Task.Delay(Timeout.Infinite, cancellationToken);
            }

            var (status, body) = Answers.GetValueOrDefault(host, (HttpStatusCode.OK, "ping pong"));
            return new HttpResponseMessage(status) { Content = new StringContent(body) };
        }
    }

    private sealed class Alerts : IAlerts
    {
        private readonly ConcurrentQueue<(string, string, string)> _raised = new();

        public IEnumerable<(string Category, string Source, string Failure)> Raised => _raised;

        public ValueTask RaiseAsync(Alert alert, CancellationToken cancellationToken)
        {
            _raised.Enqueue((alert.Category, alert.Source, alert.Details.Single(detail => detail.Name == "failure").Value));
            return default;
        }
    }
}
