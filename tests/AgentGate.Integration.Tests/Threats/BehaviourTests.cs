using System.Net;
using System.Text.Json.Nodes;
using AgentGate.Alerts;
using AgentGate.Diagnostics;
using AgentGate.Integration.Tests.Hosting;
using AgentGate.Integration.Tests.Security;
using AgentGate.Pipeline;
using Microsoft.Extensions.DependencyInjection;

namespace AgentGate.Integration.Tests.Threats;

/// <summary>Behaviour over HTTP, with sign-ins told as the sign-in tells them.</summary>
public sealed class BehaviourTests
{
    private const string Attacker = "203.0.113.9";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task One_failure_is_nothing_ten_are_an_alert_and_twenty_are_critical_and_block_for_an_hour()
    {
        await using var server = await HardenedServer.StartAsync();
        await FailAsync(server, 1, "jane@example.org");
        Assert.Empty(await AlertsAsync(server));
        await FailAsync(server, 8, "joe@example.org");
        Assert.DoesNotContain(await AlertsAsync(server), one => one.Category == "brute-force");
        await FailAsync(server, 1, "jane@example.org");

        var high = Assert.Single(await AlertsAsync(server));
        Assert.Equal((AlertSeverity.High, "brute-force", Attacker, "jane@example.org", "probe/1"), (high.Severity, high.Category, high.Address, high.Account, high.UserAgent));
        Assert.Equal(HttpStatusCode.OK, (await server.FromAsync(Attacker, HttpMethod.Get, "/api/alerts")).StatusCode);

        await FailAsync(server, 10, "jane@example.org");

        Assert.Contains(await AlertsAsync(server), one => one.Severity == AlertSeverity.Critical);
        using var refused = await server.FromAsync(Attacker, HttpMethod.Get, "/api/alerts");
        Assert.Equal((HttpStatusCode.Forbidden, Codes.AddressBlocked), (refused.StatusCode, refused.Code()));
        Assert.InRange(int.Parse(refused.Header("Retry-After")!, System.Globalization.CultureInfo.InvariantCulture), 3500, 3600);
        Assert.Equal(HttpStatusCode.Forbidden, (await server.FromAsync(Attacker, HttpMethod.Post, Security.Doors.Chat, Security.Doors.Json("{}"))).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await server.FromAsync(Attacker, HttpMethod.Get, "/health/live")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await server.FromAsync("203.0.113.10", HttpMethod.Get, "/api/alerts")).StatusCode);
    }

    [Fact]
    public async Task A_success_takes_back_the_failures_of_its_own_account_alone()
    {
        await using var server = await HardenedServer.StartAsync();
        for (var round = 0; round < 5; round++)
        {
            await FailAsync(server, 3, "victim@example.org");
            await FailAsync(server, 3, "own@example.org");

            // Two at once take back no more than one.
            await Task.WhenAll(SucceedAsync(server, "own@example.org", Attacker), SucceedAsync(server, "own@example.org", Attacker));
        }

        Assert.Equal(HttpStatusCode.OK, (await server.FromAsync(Attacker, HttpMethod.Get, "/api/alerts")).StatusCode);
        await FailAsync(server, 5, "victim@example.org");
        Assert.Equal(HttpStatusCode.Forbidden, (await server.FromAsync(Attacker, HttpMethod.Get, "/api/alerts")).StatusCode);
    }

    [Fact]
    public async Task Whoever_mistypes_and_then_signs_in_begins_anew()
    {
        await using var server = await HardenedServer.StartAsync();
        for (var round = 0; round < 4; round++)
        {
            await FailAsync(server, 9, "jane@example.org");
            await SucceedAsync(server, "jane@example.org", Attacker);
        }

        Assert.DoesNotContain(await AlertsAsync(server), one => one.Category == "brute-force");
    }

    [Fact]
    public async Task Many_accounts_from_one_address_are_credential_stuffing()
    {
        await using var server = await HardenedServer.StartAsync();
        for (var i = 0; i < 5; i++)
        {
            Assert.DoesNotContain(await AlertsAsync(server), one => one.Category == "credential-stuffing");
            await FailAsync(server, 1, $"user{i}@example.org");
        }

        var alert = Assert.Single(await AlertsAsync(server));
        Assert.Equal((AlertSeverity.High, "credential-stuffing"), (alert.Severity, alert.Category));
    }

    [Fact]
    public async Task Addresses_count_for_themselves_and_an_IPv6_network_counts_as_one()
    {
        await using var server = await HardenedServer.StartAsync(new Dictionary<string, string?> { ["AgentGate:Behaviour:AccountsForStuffing"] = "1000" });
        for (var i = 0; i < 19; i++)
        {
            await FailAsync(server, 1, "jane@example.org", $"2001:db8:1:2::{i}");
            await FailAsync(server, 1, "jane@example.org", $"198.51.100.{i}");
        }

        Assert.Equal(HttpStatusCode.OK, (await server.FromAsync("2001:db8:1:2::abcd", HttpMethod.Get, "/api/alerts")).StatusCode);
        await FailAsync(server, 1, "jane@example.org", "2001:db8:1:2:ffff::1");

        Assert.Equal(HttpStatusCode.Forbidden, (await server.FromAsync("2001:db8:1:2::abcd", HttpMethod.Get, "/api/alerts")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await server.FromAsync("2001:db8:1:3::1", HttpMethod.Get, "/api/alerts")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await server.FromAsync("198.51.100.3", HttpMethod.Get, "/api/alerts")).StatusCode);
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    [InlineData("10.9.8.7")]
    [InlineData("unknown")]
    public async Task This_machine_trusted_proxies_and_nobody_are_never_blocked_but_told_of(string address)
    {
        await using var server = await HardenedServer.StartAsync(new Dictionary<string, string?> { ["AgentGate:Proxies:Trusted:1"] = "10.9.0.0/16" });
        await FailAsync(server, 25, "jane@example.org", address);

        Assert.Contains(await AlertsAsync(server), one => one.Severity == AlertSeverity.Critical && one.Details.Contains(new AlertDetail("blocked", "no")));
        Assert.Equal(HttpStatusCode.OK, (await server.FromAsync(address == "unknown" ? null : address, HttpMethod.Get, "/api/alerts")).StatusCode);
        Assert.Equal(0, JsonNode.Parse(await server.Http.GetStringAsync("/api/security/blocked-addresses", Stop))!["total"]!.GetValue<int>());
    }

    [Fact]
    public async Task The_first_address_of_a_user_is_nothing_and_each_further_one_is_told_once()
    {
        await using var server = await HardenedServer.StartAsync();
        await SucceedAsync(server, "jane@example.org", "203.0.113.1");
        await SucceedAsync(server, "jane@example.org", "203.0.113.1");
        Assert.Empty(await AlertsAsync(server));

        await SucceedAsync(server, "jane@example.org", "203.0.113.2");
        await SucceedAsync(server, "jane@example.org", "203.0.113.1");
        await SucceedAsync(server, "jane@example.org", "203.0.113.2");
        await SucceedAsync(server, "joe@example.org", "203.0.113.2");
        Assert.Equal((AlertSeverity.Medium, "new-location"), Assert.Single((await AlertsAsync(server)).Select(one => (one.Severity, one.Category))));

        await SucceedAsync(server, "jane@example.org", "203.0.113.3");
        Assert.Equal(2, (await AlertsAsync(server)).Count);
    }

    [Fact]
    public async Task An_attempt_to_raise_rights_is_critical()
    {
        await using var server = await HardenedServer.StartAsync();
        await Events(server).ReportAsync(new SecurityEvent.EscalationRefused { Address = Attacker, Tenant = "default", ActorId = "user_7", Action = "user.role-changed" }, Stop);

        var alert = Assert.Single(await AlertsAsync(server));
        Assert.Equal((AlertSeverity.Critical, "privilege-escalation", "user_7"), (alert.Severity, alert.Category, alert.UserId));
    }

    [Fact]
    public async Task More_than_a_hundred_requests_a_minute_to_one_endpoint_are_told_once_per_caller()
    {
        await using var server = await HardenedServer.StartAsync(new Dictionary<string, string?> { ["AgentGate:Behaviour:RequestsPerMinute"] = "10" });
        for (var i = 0; i < 35; i++)
        {
            (await server.FromAsync(Attacker, HttpMethod.Get, "/api/security/blocked-addresses")).Dispose();
            (await server.FromAsync(Attacker, HttpMethod.Get, "/health/live")).Dispose();
        }

        var alert = await UntilAsync(server, one => one.Category == "request-rate");
        Assert.Equal((AlertSeverity.High, "/api/security/blocked-addresses"), (alert.Severity, alert.Source));
        Assert.StartsWith("default/", alert.UserId, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_large_answer_and_a_large_request_are_told()
    {
        await using var server = await HardenedServer.StartAsync(new Dictionary<string, string?> { ["AgentGate:Behaviour:PayloadBytes"] = "2000" });
        (await server.FromAsync(Attacker, HttpMethod.Post, Security.Doors.Chat, Security.Doors.Json(Security.Doors.Body(Security.Doors.Chat, new string('x', 100)).ToJsonString()))).Dispose();
        Assert.Empty(await AlertsAsync(server));
        (await server.FromAsync(Attacker, HttpMethod.Post, Security.Doors.Chat, Security.Doors.Json(Security.Doors.Body(Security.Doors.Chat, new string('x', 3_000)).ToJsonString()))).Dispose();

        var alert = await UntilAsync(server, one => one.Category == "large-payload");
        Assert.Equal((AlertSeverity.Medium, Security.Doors.Chat), (alert.Severity, alert.Source));
    }

    [Fact]
    public async Task Nobody_chooses_its_own_address_where_no_proxy_is_trusted()
    {
        await using var server = await HardenedServer.StartAsync(trusts: false);
        await FailAsync(server, 25, "jane@example.org");

        // The block is there; the header alone neither lets anybody be blocked nor escape.
        foreach (var header in (string[])["X-Forwarded-For", "X-Real-IP", "Forwarded"])
        {
            using var answer = await server.FromAsync(null, HttpMethod.Get, "/api/alerts", null, (header, header == "Forwarded" ? "for=" + Attacker : Attacker));
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }
    }

    [Fact]
    public async Task Behind_a_trusted_proxy_only_the_last_hop_counts()
    {
        await using var server = await HardenedServer.StartAsync();
        await FailAsync(server, 20, "jane@example.org");

        // Whoever writes an address of its own in front of it is still seen as what the proxy saw.
        Assert.Equal(HttpStatusCode.Forbidden, (await server.FromAsync($"198.51.100.1, {Attacker}", HttpMethod.Get, "/api/alerts")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await server.FromAsync($"{Attacker}, 198.51.100.1", HttpMethod.Get, "/api/alerts")).StatusCode);
    }

    [Fact]
    public async Task A_store_that_fails_is_no_reason_to_fail_and_is_logged()
    {
        await using var server = await HardenedServer.StartAsync(customize: builder => builder.Services.AddSingleton<AgentGate.Identity.IAttempts, NoAttempts>());
        await FailAsync(server, 1, "jane@example.org");
        await SucceedAsync(server, "jane@example.org", Attacker);

        Assert.Empty(await AlertsAsync(server));
    }

    private static ISecurityEvents Events(GatewayServer server) => server.App.Services.GetRequiredService<ISecurityEvents>();

    private static async Task FailAsync(GatewayServer server, int times, string account, string address = Attacker)
    {
        for (var i = 0; i < times; i++)
        {
            await Events(server).ReportAsync(new SecurityEvent.SignInFailed { Address = address, UserAgent = "probe/1", Account = account }, Stop);
        }
    }

    private static Task SucceedAsync(GatewayServer server, string account, string address)
        => Events(server).ReportAsync(new SecurityEvent.SignInSucceeded { Address = address, Account = account, Tenant = "default", UserId = "user_" + account[..3] }, Stop).AsTask();

    private static async Task<IReadOnlyList<Alert>> AlertsAsync(GatewayServer server)
        => [.. (await server.App.Services.GetRequiredService<IAlertStore>().ListAsync(100, Stop)).Select(one => one.Alert)];

    /// <summary>What is told away from the request is there a moment later.</summary>
    private static async Task<Alert> UntilAsync(GatewayServer server, Func<Alert, bool> wanted)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (true)
        {
            Assert.True(TimeProvider.System.GetElapsedTime(began) < TimeSpan.FromSeconds(20), "It was not told.");
            if ((await AlertsAsync(server)).Where(wanted).ToList() is [var only])
            {
                return only;
            }

            await Task.Yield();
        }
    }

    internal sealed class NoAttempts : AgentGate.Identity.IAttempts
    {
        public Task<long> AddAsync(string kind, string subject, TimeSpan window, DateTimeOffset now, CancellationToken cancellationToken) => throw new IOException();

        public Task<long?> AddBelowAsync(string kind, string subject, long most, TimeSpan window, DateTimeOffset now, CancellationToken cancellationToken)
            => throw new IOException();

        public Task<(long Count, DateTimeOffset Until)> CountAsync(string kind, string subject, DateTimeOffset now, CancellationToken cancellationToken) => throw new IOException();

        public Task ResetAsync(string kind, string subject, CancellationToken cancellationToken) => throw new IOException();

        public Task PurgeAsync(DateTimeOffset now, CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
