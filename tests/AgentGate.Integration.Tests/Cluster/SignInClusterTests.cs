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
        await AddAsync(email, Roles.Developer);

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
    public async Task A_first_passkey_raises_at_both_within_a_second_what_dangerous_acts_ask_for_and_its_removal_lowers_it()
    {
        var email = $"{Guid.NewGuid():n}@example.org";
        await AddAsync(email, Roles.SecurityAdmin);
        var login = await LoginAsync(0, email);
        var clients = new[] { Client(login, 0), Client(login, 1) };
        var before = await Task.WhenAll(clients.Select(ChangeAsync));
        Assert.Equal([200, 200], before);

        var user = (await Bench.Users.FindByEmailAsync(email, Stop))!;
        var passkey = new Passkey { Id = "AAAA", Tenant = user.Tenant, UserId = user.Id, Name = "key", PublicKey = [1], SignCount = 1, CreatedAt = user.CreatedAt };
        Assert.Equal(PasskeyAddition.Added, await Bench.Passkeys.AddAsync(passkey, 9, Stop));
        foreach (var http in clients)
        {
            await ClusterBench.UntilAsync(async () => await ChangeAsync(http) == 401, s_second, "the passkey");
        }

        Assert.True(await Bench.Passkeys.RemoveAsync(user.Tenant, user.Id, passkey.Id, Stop));
        foreach (var http in clients)
        {
            await ClusterBench.UntilAsync(async () => await ChangeAsync(http) == 200, s_second, "the removed passkey");
            http.Dispose();
        }

        static async Task<int> ChangeAsync(HttpClient http) => (int)(await http.PutAsJsonAsync("/api/settings", new { settings = new { } }, Stop)).StatusCode;
    }

    [Fact]
    public async Task A_device_asks_one_is_approved_at_the_other_and_signs_in_at_the_first()
    {
        using var device = new HttpClient { BaseAddress = new Uri(Bench.Servers[0].Url) };
        using var person = Client(await LoginAsync(1), 1);
        var asked = await PostAsync(device, "/api/auth/device/code", new { client_id = "printer", scope = "user:read" });
        var poll = new { grant_type = "urn:ietf:params:oauth:grant-type:device_code", device_code = Text(asked.Body, "device_code") };

        Assert.Equal((400, "authorization_pending"), Error(await PostAsync(device, "/api/auth/device/token", poll)));
        var status = JsonNode.Parse(await person.GetStringAsync($"/api/auth/device/status/{Text(asked.Body, "user_code")}", Stop))!;
        Assert.Equal(("printer", "pending"), (Text(status, "client_id"), Text(status, "status")));
        Assert.Equal(200, (await PostAsync(person, "/api/auth/device/authorize", new { user_code = Text(asked.Body, "user_code") })).Status);

        // Approved at one, so no second server approves it again; and of two that poll at once one is signed in.
        using var other = new HttpClient { BaseAddress = new Uri(Bench.Servers[1].Url) };
        Assert.Equal(404, (await PostAsync(person, "/api/auth/device/deny", new { user_code = Text(asked.Body, "user_code") })).Status);
        var both = await Task.WhenAll(PostAsync(device, "/api/auth/device/token", poll), PostAsync(other, "/api/auth/device/token", poll));
        Assert.Equal([200, 400], both.Select(answer => answer.Status).Order());
        Assert.Equal((400, "invalid_grant"), Error(both.Single(answer => answer.Status == 400)));
        using var first = Client(both.Single(answer => answer.Status == 200).Body, 0);
        Assert.Equal(200, await MeAsync(first));
        Assert.Equal(200, (int)(await first.GetAsync("/api/users", Stop)).StatusCode);
        Assert.Equal(403, (int)(await first.GetAsync("/api/settings", Stop)).StatusCode);

        static (int, string) Error((int Status, JsonNode Body) answer) => (answer.Status, Text(answer.Body, "error"));
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

    private async Task AddAsync(string email, string role)
    {
        using var http = Client(await LoginAsync(0), 0);
        var made = (await PostAsync(http, "/api/invitations", new { role })).Body;
        var (status, body) = await PostAsync(http, "/api/auth/register", new { email, password = SignInServer.Password, invitation = Text(made, "invitation") });
        Assert.True(status == 201, body.ToJsonString());
    }

    private static async Task<(int Status, JsonNode Body)> PostAsync(HttpClient http, string path, object body)
    {
        using var response = await http.PostAsJsonAsync(path, body, Stop);
        return ((int)response.StatusCode, JsonNode.Parse(await response.Content.ReadAsStringAsync(Stop))!);
    }

    private static string Text(JsonNode node, string name) => node[name]!.GetValue<string>();

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
