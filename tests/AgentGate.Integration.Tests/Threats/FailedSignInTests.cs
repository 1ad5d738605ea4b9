using System.Net.Http.Json;
using System.Text.Json.Nodes;
using AgentGate.Alerts;
using AgentGate.Diagnostics;
using AgentGate.Integration.Tests.Identity;
using AgentGate.Keys;
using AgentGate.Pipeline;
using AgentGate.Threats.Behaviour;

namespace AgentGate.Integration.Tests.Threats;

/// <summary>What fails at the doors of the sign-in, over HTTP as anybody fails there, is seen.</summary>
public sealed class FailedSignInTests
{
    private const string Attacker = "203.0.113.9";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Twenty_wrong_passwords_from_an_address_block_it_and_ending_the_block_lets_it_begin_anew()
    {
        await using var server = await SignInServer.StartAsync();
        for (var i = 0; i < 20; i++)
        {
            Assert.Equal(401, (await server.LoginAsync($"nobody{i}@example.org", "wrong wrong wrong", Attacker)).Status);
        }

        var (status, refused) = await server.LoginAsync(address: Attacker);
        Assert.Equal((403, Codes.AddressBlocked), (status, refused["code"]!.GetValue<string>()));
        var alerts = await AlertsAsync(server);
        Assert.Contains(alerts, one => one is { Severity: AlertSeverity.Critical, Category: "brute-force", Address: Attacker });
        Assert.Contains(alerts, one => one is { Severity: AlertSeverity.High, Category: "credential-stuffing" });

        var block = Assert.Single((await server.Get<IBlockedAddressStore>().ReadAsync(TimeProvider.System.GetUtcNow(), Stop)).Blocked);
        Assert.True(await server.Get<Blocklist>().UnblockAsync(block.Id, Stop));

        for (var i = 0; i < 5; i++)
        {
            Assert.Equal(401, (await server.LoginAsync($"nobody{i}@example.org", "wrong wrong wrong", Attacker)).Status);
        }

        Assert.Equal(200, (await server.LoginAsync(address: Attacker)).Status);
    }

    [Fact]
    public async Task A_sign_in_takes_back_the_failures_of_its_account()
    {
        await using var server = await SignInServer.StartAsync(s_few);
        for (var round = 0; round < 3; round++)
        {
            Assert.Equal(401, (await server.LoginAsync(password: "wrong wrong wrong", address: Attacker)).Status);
            Assert.Equal(401, (await server.LoginAsync(password: "wrong wrong wrong", address: Attacker)).Status);
            Assert.Equal(200, (await server.LoginAsync(address: Attacker)).Status);
        }
    }

    /// <summary>Each way in, with nothing right about it.</summary>
    [Theory]
    [InlineData("passkey", "/api/auth/passkey/login-finish")]
    [InlineData("step-up", "/api/auth/step-up")]
    [InlineData("password", "/api/auth/password")]
    [InlineData("device", "/api/auth/device/authorize")]
    [InlineData("invitation", "/api/auth/register")]
    public async Task What_fails_at_any_way_in_counts(string way, string path)
    {
        await using var server = await SignInServer.StartAsync(s_few);
        var token = way is "step-up" or "password" or "device" ? await server.TokenAsync() : null;
        JsonObject body = way switch
        {
            "passkey" => new JsonObject { ["challenge_id"] = "none", ["credential"] = new JsonObject { ["id"] = "none" } },
            "step-up" => new JsonObject { ["password"] = "wrong wrong wrong" },
            "password" => new JsonObject { ["current_password"] = "wrong wrong wrong", ["new_password"] = "another violet teapot ascends" },
            "device" => new JsonObject { ["user_code"] = "BCDF-GHJK" },
            _ => new JsonObject { ["email"] = "new@example.org", ["password"] = SignInServer.Password, ["invitation"] = new string('a', 43) },
        };
        List<string> seen = [];
        for (var i = 0; i < 3; i++)
        {
            var (status, answer) = await server.PostAsync(path, body.DeepClone(), token, server.Gateway.Url, Attacker);
            seen.Add($"{status} {answer["code"]}");
        }

        Assert.Equal((3L, string.Join(", ", seen)), (await FailuresAsync(server), string.Join(", ", seen)));
        Assert.Equal(403, (await server.LoginAsync(address: Attacker)).Status);
    }

    [Fact]
    public async Task A_refresh_token_that_was_used_counts_and_one_that_ended_does_not()
    {
        await using var server = await SignInServer.StartAsync(s_few);
        var (_, login) = await server.LoginAsync();
        var used = new JsonObject { ["refresh_token"] = login["refresh_token"]!.GetValue<string>() };
        Assert.Equal(200, (await server.PostAsync("/api/auth/refresh", used.DeepClone(), address: Attacker)).Status);

        Assert.Equal(401, (await server.PostAsync("/api/auth/refresh", used.DeepClone(), address: Attacker)).Status);
        Assert.Equal(401, (await server.PostAsync("/api/auth/refresh", new JsonObject { ["refresh_token"] = "unknown" }, address: Attacker)).Status);

        Assert.Equal(1, await FailuresAsync(server));
    }

    [Fact]
    public async Task Keys_nobody_has_block_the_address_and_tokens_that_ended_do_not()
    {
        await using var server = await SignInServer.StartAsync(s_few);
        for (var i = 0; i < 10; i++)
        {
            Assert.Equal(401, (await server.SendAsync(HttpMethod.Get, "/api/auth/me", token: "eyJhbGciOiJFUzI1NiJ9.e30.AAAA", address: "203.0.113.10")).Status);
            Assert.Equal(401, (await server.SendAsync(HttpMethod.Get, "/api/auth/me", address: "203.0.113.10")).Status);
        }

        // A key that was good once is no guess, however often an agent tries it again.
        var keys = server.Get<ApiKeyService>();
        var ended = await keys.CreateAsync(new NewApiKey { Tenant = "default", Name = "x", Scopes = [Scopes.Doors] }, Stop);
        await keys.RevokeAsync("default", ended.Key.Id, Stop);

        // One counts in a second.
        var began = TimeProvider.System.GetTimestamp();
        while ((await server.SendAsync(HttpMethod.Get, "/api/auth/me", token: "ag_nobody", address: Attacker)).Status == 401)
        {
            Assert.Equal(401, (await server.SendAsync(HttpMethod.Get, "/api/auth/me", token: ended.Text, address: "203.0.113.11")).Status);
            Assert.True(TimeProvider.System.GetElapsedTime(began) < TimeSpan.FromSeconds(30), "It is not blocked.");
        }

        Assert.Equal(200, (await server.LoginAsync(address: "203.0.113.11")).Status);

        Assert.Equal(200, (await server.LoginAsync(address: "203.0.113.10")).Status);
    }

    [Fact]
    public async Task What_a_page_elsewhere_can_make_a_browser_send_blocks_nobody()
    {
        await using var server = await SignInServer.StartAsync(new Dictionary<string, string?>
        {
            ["AgentGate:Federation:Mode"] = "hybrid_migration",
            ["AgentGate:Federation:CustomOidc:Issuer"] = "https://provider.example.org",
            ["AgentGate:Federation:CustomOidc:ClientId"] = "client",
            ["AgentGate:Federation:CustomOidc:ClientSecret"] = "secret",
        });
        for (var i = 0; i < 25; i++)
        {
            Assert.Equal(401, (await server.SendAsync(HttpMethod.Get, "/api/auth/oidc/custom_oidc/callback?state=x", address: Attacker)).Status);
        }

        Assert.Equal(200, (await server.LoginAsync(address: Attacker)).Status);
    }

    [Fact]
    public async Task Refused_requests_count_towards_their_rate_and_uploads_of_unknown_length_by_their_bytes()
    {
        await using var server = await SignInServer.StartAsync(new Dictionary<string, string?> { ["AgentGate:Behaviour:RequestsPerMinute"] = "5", ["AgentGate:Behaviour:PayloadBytes"] = "2000" });
        for (var i = 0; i < 12; i++)
        {
            Assert.Equal(401, (await server.SendAsync(HttpMethod.Get, "/api/auth/me", address: Attacker)).Status);
        }

        await UntilAsync(server, one => one is { Category: "request-rate", Address: Attacker });
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/auth/login") { Content = JsonContent.Create(new { email = "jane@example.org", password = "x", totp_code = new string('1', 3_000) }) };
        request.Headers.TransferEncodingChunked = true;
        (await server.Http.SendAsync(request, Stop)).Dispose();

        await UntilAsync(server, one => one is { Category: "large-payload", Source: "/api/auth/login" });
    }

    [Fact]
    public async Task What_a_limit_refuses_counts_once_in_a_second()
    {
        await using var server = await SignInServer.StartAsync(new Dictionary<string, string?> { ["AgentGate:SignIn:AddressTriesPerMinute"] = "2" });
        var began = TimeProvider.System.GetTimestamp();
        for (var i = 0; i < 40; i++)
        {
            await server.LoginAsync($"nobody{i}@example.org", "wrong wrong wrong", Attacker);
        }

        // Two were looked at; of the others one in each second that passed, begun or whole.
        Assert.InRange(await FailuresAsync(server), 3, 4 + (long)TimeProvider.System.GetElapsedTime(began).TotalSeconds);
    }

    private static readonly Dictionary<string, string?> s_few = new() { ["AgentGate:Behaviour:FailuresForAlert"] = "2", ["AgentGate:Behaviour:FailuresForBlock"] = "3", ["AgentGate:Passkeys:RpId"] = "localhost" };

    /// <summary>How many failures of the attacker count, as one more would say.</summary>
    private static async Task<long> FailuresAsync(SignInServer server)
        => (await server.Get<SignInFailures>().AddAsync(Attacker, "counting@example.org", TimeProvider.System.GetUtcNow(), Stop)).Failures - 1;

    private static async Task<IReadOnlyList<Alert>> AlertsAsync(SignInServer server) => [.. (await server.Get<IAlertStore>().ListAsync(100, Stop)).Select(one => one.Alert)];

    private static async Task UntilAsync(SignInServer server, Predicate<Alert> wanted)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (!(await AlertsAsync(server)).Any(one => wanted(one)))
        {
            Assert.True(TimeProvider.System.GetElapsedTime(began) < TimeSpan.FromSeconds(20), "It was not told.");
        }
    }
}
