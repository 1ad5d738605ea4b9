using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using AgentGate.Diagnostics;
using AgentGate.Identity;
using AgentGate.Integration.Tests.Identity;

namespace AgentGate.Integration.Tests.Cluster;

/// <summary>Two server processes, one set of people: what one does to a session or a role holds in the other within a second.</summary>
public sealed class SignInClusterTests(SignInClusterTests.Started started) : IClassFixture<SignInClusterTests.Started>
{
    private static readonly TimeSpan s_second = TimeSpan.FromSeconds(1);

    private ClusterBench Bench => started.Bench;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_token_of_one_is_good_at_the_other_and_ends_there_within_a_second()
    {
        var login = await LoginAsync(0);
        var (first, second) = (Client(login, 0), Client(login, 1));
        Assert.Equal(200, await MeAsync(first));
        Assert.Equal(200, await MeAsync(second));

        Assert.Equal(200, (int)(await first.PostAsJsonAsync("/api/auth/revoke", new { }, Stop)).StatusCode);

        Assert.Equal(401, await MeAsync(first));
        await ClusterBench.UntilAsync(async () => await MeAsync(second) == 401, s_second, "the revoked session");
    }

    [Fact]
    public async Task A_refresh_token_used_twice_at_two_servers_ends_the_session_at_both()
    {
        var login = await LoginAsync(0);
        var body = new { refresh_token = login["refresh_token"]!.GetValue<string>() };
        using var first = new HttpClient { BaseAddress = new Uri(Bench.Servers[0].Url) };
        using var second = new HttpClient { BaseAddress = new Uri(Bench.Servers[1].Url) };

        var statuses = await Task.WhenAll(
            Enumerable.Range(0, 6).Select(async i => (int)(await (i % 2 == 0 ? first : second).PostAsJsonAsync("/api/auth/refresh", body, Stop)).StatusCode));

        Assert.Equal([200, 401, 401, 401, 401, 401], statuses.Order());
        foreach (var server in (int[])[0, 1])
        {
            using var http = Client(login, server);
            await ClusterBench.UntilAsync(async () => await MeAsync(http) == 401, s_second, "the session of the reused token");
        }
    }

    [Fact]
    public async Task A_role_and_a_user_that_a_third_process_changes_are_changed_in_both_within_a_second()
    {
        var email = $"{Guid.NewGuid():n}@example.org";
        var admin = await LoginAsync(0);
        using (var http = Client(admin, 0))
        {
            var made = JsonNode.Parse(await (await http.PostAsJsonAsync("/api/invitations", new { role = "developer" }, Stop)).Content.ReadAsStringAsync(Stop))!;
            using var register = await http.PostAsJsonAsync(
                "/api/auth/register", new { email, password = SignInServer.Password, invitation = made["invitation"]!.GetValue<string>() }, Stop);
            Assert.True((int)register.StatusCode == 201, await register.Content.ReadAsStringAsync(Stop));
        }

        var login = await LoginAsync(1, email);
        var clients = new[] { Client(login, 0), Client(login, 1) };
        foreach (var http in clients)
        {
            Assert.Equal("developer", await RoleAsync(http));
        }

        var user = (await Bench.Users.FindByEmailAsync(email, Stop))!;
        Assert.Equal(UserChange.Done, await Bench.Users.UpdateAsync(user with { Role = Roles.Viewer }, Stop));
        foreach (var http in clients)
        {
            await ClusterBench.UntilAsync(async () => await RoleAsync(http) == "viewer", s_second, "the changed role");
        }

        user = (await Bench.Users.FindByEmailAsync(email, Stop))!;
        Assert.Equal(UserChange.Done, await Bench.Users.UpdateAsync(user with { IsActive = false }, Stop));
        foreach (var http in clients)
        {
            await ClusterBench.UntilAsync(async () => await MeAsync(http) == 401, s_second, "the disabled user");
            http.Dispose();
        }
    }

    [Fact]
    public async Task The_tries_of_an_account_are_counted_over_both()
    {
        var email = $"{Guid.NewGuid():n}@example.org";
        List<int> statuses = [];
        for (var i = 0; i < 4; i++)
        {
            using var http = new HttpClient { BaseAddress = new Uri(Bench.Servers[i % 2].Url) };
            statuses.Add((int)(await http.PostAsJsonAsync("/api/auth/login", new { email, password = "wrong wrong wrong" }, Stop)).StatusCode);
        }

        Assert.Equal([401, 401, 401, 400], statuses);
    }

    private HttpClient Client(JsonNode login, int server)
    {
        var http = new HttpClient { BaseAddress = new Uri(Bench.Servers[server].Url) };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", login["access_token"]!.GetValue<string>());
        return http;
    }

    private async Task<JsonNode> LoginAsync(int server, string email = SignInServer.Email)
    {
        using var http = new HttpClient { BaseAddress = new Uri(Bench.Servers[server].Url) };
        using var response = await http.PostAsJsonAsync("/api/auth/login", new { email, password = SignInServer.Password }, Stop);
        var body = await response.Content.ReadAsStringAsync(Stop);
        Assert.True(response.IsSuccessStatusCode, body);
        return JsonNode.Parse(body)!;
    }

    private static async Task<int> MeAsync(HttpClient http) => (int)(await http.GetAsync("/api/auth/me", Stop)).StatusCode;

    private static async Task<string> RoleAsync(HttpClient http)
        => JsonNode.Parse(await http.GetStringAsync("/api/auth/context", Stop))!["roles"]![0]!.GetValue<string>();

    public sealed class Started : IAsyncLifetime
    {
        internal ClusterBench Bench { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            Bench = await ClusterBench.StartAsync(own: false, new Dictionary<string, string>
            {
                ["AgentGate__Passwords__Cost"] = "4",
                ["AgentGate__SignIn__AddressTriesPerMinute"] = "10000",
                ["AgentGate__SignIn__AddressTriesPerHour"] = "10000",
            });

            // The first user, at both servers at once: one makes it.
            var made = await Task.WhenAll(Bench.Servers.Select(async server =>
            {
                using var request = new HttpRequestMessage(HttpMethod.Post, server.Url + "/api/setup/complete")
                {
                    Content = JsonContent.Create(new { email = SignInServer.Email, password = SignInServer.Password }),
                };
                request.Headers.Add("Origin", server.Url);
                using var response = await server.Http.SendAsync(request);
                return ((int)response.StatusCode, response.Headers.TryGetValues("x-agentgate-code", out var codes) ? codes.Single() : "");
            }));
            Assert.Equal([(200, ""), (409, Codes.SetupClosed)], made.Order());
        }

        public ValueTask DisposeAsync() => Bench.DisposeAsync();
    }
}
