using System.Text.Json.Nodes;
using AgentGate.Diagnostics;
using AgentGate.Identity;

namespace AgentGate.Integration.Tests.Identity;

/// <summary>What becomes of a session: refreshed, listed, ended, and ended by what ends more than it.</summary>
public sealed class SessionTests : IClassFixture<SessionTests.Started>
{
    private readonly SignInServer _server;

    public SessionTests(Started started) => _server = started.Server;

    [Fact]
    public async Task A_refresh_token_is_good_once_and_its_second_use_ends_the_session()
    {
        var (_, login) = await _server.LoginAsync();
        var (access, first) = (login["access_token"]!.GetValue<string>(), login["refresh_token"]!.GetValue<string>());

        var (status, next) = await RefreshAsync(first);
        Assert.Equal(200, status);
        var (second, newer) = (next["refresh_token"]!.GetValue<string>(), next["access_token"]!.GetValue<string>());
        Assert.NotEqual(first, second);
        Assert.Equal(200, (await MeAsync(newer)).Status);

        // Somebody holds a copy: everything of the session ends, also what the thief or the owner got since.
        var (reused, problem) = await RefreshAsync(first);
        Assert.Equal((401, Codes.RefreshRefused), (reused, problem["code"]!.GetValue<string>()));
        Assert.Equal(401, (await MeAsync(newer)).Status);
        Assert.Equal(401, (await MeAsync(access)).Status);
        Assert.Equal(401, (await RefreshAsync(second)).Status);
        Assert.Contains(await _server.LogAsync("default"), entry => entry.Action == "auth.refresh-reused");
    }

    [Fact]
    public async Task A_refreshed_token_keeps_scopes_and_assurance_and_takes_the_role_of_now()
    {
        await _server.UserAsync("refreshed@example.org", Roles.Developer);
        var (_, login) = await _server.LoginAsync("refreshed@example.org");
        await _server.ChangeAsync("refreshed@example.org", user => user with { Role = Roles.Viewer });

        var (_, next) = await RefreshAsync(login["refresh_token"]!.GetValue<string>());
        var (_, context) = await _server.SendAsync(HttpMethod.Get, "/api/auth/context", token: next["access_token"]!.GetValue<string>());
        Assert.Equal(("A1", "viewer"), (context["session_assurance"]!.GetValue<string>(), context["roles"]![0]!.GetValue<string>()));

        // The token from before says developer, and is worth what the user is worth.
        var (_, former) = await _server.SendAsync(HttpMethod.Get, "/api/auth/context", token: login["access_token"]!.GetValue<string>());
        Assert.Equal("viewer", former["roles"]![0]!.GetValue<string>());
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public async Task What_is_no_refresh_token_is_refused_in_the_same_words(string token)
    {
        var (status, body) = await RefreshAsync(token);
        Assert.Equal((401, Codes.RefreshRefused), (status, body["code"]!.GetValue<string>()));
    }

    [Fact]
    public async Task Neither_an_access_token_nor_a_cookie_refreshes()
    {
        var (cookie, _, _) = await _server.CookieAsync();
        Assert.Equal(401, (await RefreshAsync(await _server.TokenAsync())).Status);
        Assert.Equal(401, (await RefreshAsync(cookie.Split('=')[1])).Status);
        Assert.Equal(200, (await _server.SendAsync(HttpMethod.Get, "/api/auth/me", headers: ("Cookie", cookie))).Status);
    }

    [Fact]
    public async Task Whoever_signs_out_is_out_and_nobody_signs_another_out()
    {
        await _server.UserAsync("out@example.org", Roles.Viewer);
        var (_, mine) = await _server.LoginAsync("out@example.org");
        var (_, other) = await _server.LoginAsync();
        var token = mine["access_token"]!.GetValue<string>();

        Assert.Equal(200, (await _server.PostAsync("/api/auth/revoke", new JsonObject { ["refresh_token"] = other["refresh_token"]!.GetValue<string>() }, token)).Status);
        Assert.Equal(200, (await MeAsync(other["access_token"]!.GetValue<string>())).Status);
        var (status, body) = await _server.PostAsync("/api/auth/revoke", new JsonObject { ["refresh_token"] = mine["refresh_token"]!.GetValue<string>() }, token);
        Assert.Equal((200, "revoked"), (status, body["status"]!.GetValue<string>()));
        Assert.Equal(401, (await MeAsync(token)).Status);
        Assert.Equal(401, (await RefreshAsync(mine["refresh_token"]!.GetValue<string>())).Status);
    }

    [Fact]
    public async Task Sessions_are_listed_with_their_device_and_ended_one_by_one_and_all_others()
    {
        await _server.UserAsync("devices@example.org", Roles.Viewer);
        var (_, phone) = await LoginAsync("devices@example.org", "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0) Version/18.0 Mobile/15E148 Safari/604.1", "198.51.100.7");
        var (_, desk) = await LoginAsync("devices@example.org", "Mozilla/5.0 (X11; Linux x86_64) Chrome/140.0 Safari/537.36", "198.51.100.8");
        await LoginAsync("devices@example.org", "curl/8.9", "198.51.100.9");
        var token = desk["access_token"]!.GetValue<string>();

        var (_, list) = await _server.SendAsync(HttpMethod.Get, "/api/auth/sessions", token: token);
        var sessions = list["sessions"]!.AsArray();
        Assert.Equal(
            [("Desktop", "Chrome", "198.51.100.8", true), ("Mobile", "Safari", "198.51.100.7", false), ("Program", "curl", "198.51.100.9", false)],
            sessions.Select(one => (one!["device"]!.GetValue<string>(), one["browser"]!.GetValue<string>(), one["ip_address"]!.GetValue<string>(), one["is_current"]!.GetValue<bool>()))
                .OrderBy(one => one.Item1, StringComparer.Ordinal));

        // Another's session is not there for me.
        var foreign = (await _server.SendAsync(HttpMethod.Get, "/api/auth/sessions", token: await _server.TokenAsync())).Body["sessions"]![0]!["id"]!.GetValue<string>();
        Assert.Equal(404, (await _server.SendAsync(HttpMethod.Delete, "/api/auth/sessions/" + foreign, token: token)).Status);
        var phoneId = sessions.Single(one => one!["device"]!.GetValue<string>() == "Mobile")!["id"]!.GetValue<string>();
        Assert.Equal(200, (await _server.SendAsync(HttpMethod.Delete, "/api/auth/sessions/" + phoneId, token: token)).Status);
        Assert.Equal(404, (await _server.SendAsync(HttpMethod.Delete, "/api/auth/sessions/" + phoneId, token: token)).Status);
        Assert.Equal(401, (await MeAsync(phone["access_token"]!.GetValue<string>())).Status);
        var (_, others) = await _server.SendAsync(HttpMethod.Delete, "/api/auth/sessions", token: token);
        Assert.Equal(1, others["revoked"]!.GetValue<int>());
        Assert.Equal(200, (await MeAsync(token)).Status);
    }

    [Fact]
    public async Task A_changed_password_ends_every_other_session_and_needs_the_current_one()
    {
        const string next = "copper lantern drifts upstream";
        await _server.UserAsync("change@example.org", Roles.Viewer, change: user => user with { MustChangePassword = true });
        var (_, other) = await _server.LoginAsync("change@example.org");
        var (_, login) = await _server.LoginAsync("change@example.org");
        var token = login["access_token"]!.GetValue<string>();
        Assert.True(login["must_change_password"]!.GetValue<bool>());
        Assert.Equal((403, Codes.PasswordChangeNeeded), await CodeAsync(_server.SendAsync(HttpMethod.Get, "/api/auth/sessions", token: token)));

        Assert.Equal((400, Codes.PasswordRefused), await CodeAsync(ChangeAsync(token, "wrong wrong wrong", next)));
        Assert.Equal((400, Codes.PasswordRefused), await CodeAsync(ChangeAsync(token, SignInServer.Password, "short")));
        Assert.Equal((400, Codes.PasswordRefused), await CodeAsync(ChangeAsync(token, SignInServer.Password, SignInServer.Password)));
        var (status, changed) = await ChangeAsync(token, SignInServer.Password, next);
        Assert.Equal((200, 1), (status, changed["sessions_revoked"]!.GetValue<int>()));

        Assert.Equal(401, (await MeAsync(other["access_token"]!.GetValue<string>())).Status);
        Assert.Equal(401, (await RefreshAsync(other["refresh_token"]!.GetValue<string>())).Status);
        Assert.Equal(200, (await _server.SendAsync(HttpMethod.Get, "/api/auth/sessions", token: token)).Status);
        Assert.Equal(401, (await _server.LoginAsync("change@example.org")).Status);
        Assert.Equal(200, (await _server.LoginAsync("change@example.org", next)).Status);
    }

    [Fact]
    public async Task A_disabled_user_is_out_at_once_everywhere()
    {
        await _server.UserAsync("gone@example.org", Roles.Viewer);
        var (_, login) = await _server.LoginAsync("gone@example.org");
        var (cookie, _, _) = await _server.CookieAsync("gone@example.org");
        await _server.ChangeAsync("gone@example.org", user => user with { IsActive = false });

        Assert.Equal(401, (await MeAsync(login["access_token"]!.GetValue<string>())).Status);
        Assert.Equal(401, (await RefreshAsync(login["refresh_token"]!.GetValue<string>())).Status);
        Assert.Equal(401, (await _server.SendAsync(HttpMethod.Get, "/api/auth/me", headers: ("Cookie", cookie))).Status);
    }

    [Fact]
    public async Task An_admin_ends_the_sessions_of_those_it_may_and_a_viewer_nobodys()
    {
        var target = await _server.UserAsync("target@example.org", Roles.Viewer);
        var foreign = await _server.UserAsync("foreign@example.org", Roles.Viewer, tenant: "other");
        await _server.UserAsync("security@example.org", Roles.SecurityAdmin);
        var (_, login) = await _server.LoginAsync("target@example.org");
        await _server.CookieAsync("target@example.org");
        var (admin, security) = (await _server.TokenAsync(), await _server.TokenAsync("security@example.org"));
        var adminId = (await MeAsync(admin)).Body["user"]!["id"]!.GetValue<string>();

        Assert.Equal(403, (await EndAsync(login["access_token"]!.GetValue<string>(), adminId)).Status);
        Assert.Equal((403, Codes.RoleBeyondOwn), await CodeAsync(EndAsync(security, adminId)));
        Assert.Equal((404, Codes.AccountNotFound), await CodeAsync(EndAsync(admin, foreign.Id)));
        Assert.Equal((404, Codes.AccountNotFound), await CodeAsync(EndAsync(admin, "user_none")));
        var (status, body) = await EndAsync(security, target.Id);
        Assert.Equal((200, 1, 2), (status, body["tokens_revoked"]!.GetValue<int>(), body["sessions_revoked"]!.GetValue<int>()));
        Assert.Equal(401, (await MeAsync(login["access_token"]!.GetValue<string>())).Status);
    }

    [Fact]
    public async Task The_model_of_risk_answers_and_its_question_is_not_on_record()
    {
        await _server.UserAsync("risk@example.org", Roles.Viewer);
        var token = await _server.TokenAsync("risk@example.org");
        var ask = new JsonObject { ["action"] = "delete-the-secret-thing", ["resource"] = "r", ["action_sensitivity"] = "S3" };

        var (_, denied) = await _server.PostAsync("/api/auth/context/evaluate", ask, token);
        Assert.Equal((false, "R3", "A2"), (denied["allowed"]!.GetValue<bool>(), denied["effective_risk"]!.GetValue<string>(), denied["required_assurance"]!.GetValue<string>()));
        Assert.Equal(["step_up_auth", "human_approval"], denied["obligations"]!.AsArray().Select(one => one!.GetValue<string>()));
        var (_, allowed) = await _server.PostAsync("/api/auth/context/evaluate", new JsonObject { ["action"] = "read" }, token);
        Assert.Equal("allow", allowed["decision"]!.GetValue<string>());
        Assert.Equal(400, (await _server.PostAsync("/api/auth/context/evaluate", new JsonObject { ["action"] = "x", ["runtime_threat"] = "T9" }, token)).Status);
        Assert.DoesNotContain(await _server.LogAsync("default"), entry => System.Text.Json.JsonSerializer.Serialize(entry).Contains("secret-thing", StringComparison.Ordinal));

        var (_, mcp) = await _server.SendAsync(HttpMethod.Get, "/api/auth/mcp-access", token: token);
        Assert.False(mcp["allowed"]!.GetValue<bool>());
        Assert.True((await _server.SendAsync(HttpMethod.Get, "/api/auth/mcp-access", token: await _server.TokenAsync())).Body["allowed"]!.GetValue<bool>());
    }

    private async Task<(int Status, JsonNode Body)> LoginAsync(string email, string agent, string address)
        => await _server.SendAsync(
            HttpMethod.Post, "/api/auth/login", new JsonObject { ["email"] = email, ["password"] = SignInServer.Password }, address: address, headers: ("User-Agent", agent));

    private Task<(int Status, JsonNode Body)> RefreshAsync(string token) => _server.PostAsync("/api/auth/refresh", new JsonObject { ["refresh_token"] = token });

    private Task<(int Status, JsonNode Body)> MeAsync(string token) => _server.SendAsync(HttpMethod.Get, "/api/auth/me", token: token);

    private Task<(int Status, JsonNode Body)> EndAsync(string token, string userId) => _server.PostAsync("/api/auth/admin/revoke-user-sessions/" + userId, null, token);

    private Task<(int Status, JsonNode Body)> ChangeAsync(string token, string current, string next)
        => _server.PostAsync("/api/auth/password", new JsonObject { ["current_password"] = current, ["new_password"] = next }, token);

    private static async Task<(int Status, string Code)> CodeAsync(Task<(int Status, JsonNode Body)> answer)
    {
        var (status, body) = await answer;
        return (status, body["code"]?.GetValue<string>() ?? body.ToJsonString());
    }

    public sealed class Started : IAsyncLifetime
    {
        internal SignInServer Server { get; private set; } = null!;

        public async ValueTask InitializeAsync() => Server = await SignInServer.StartAsync();

        public ValueTask DisposeAsync() => Server.DisposeAsync();
    }
}
