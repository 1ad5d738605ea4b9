using System.Net.Http.Json;
using System.Text.Json;
using AgentGate.Identity;
using static AgentGate.Integration.Tests.Identity.FactorServer;

namespace AgentGate.Integration.Tests.Identity;

public sealed class DeviceTests
{
    private const string Mail = "ada@example.org";

    [Fact]
    public async Task A_device_waits_until_its_user_approves_it_and_signs_in_once()
    {
        await using var server = await StartAsync();
        var user = await server.AddUserAsync(Mail);
        using var http = await server.SignInAsync(Mail);
        using var device = server.Anonymous();
        using var form = new FormUrlEncodedContent(new Dictionary<string, string> { ["client_id"] = "Build agent", ["scope"] = "doors trace:read", ["unknown"] = "x" });
        using var response = await device.PostAsync("/api/auth/device/code", form);
        var begun = await response.Content.ReadFromJsonAsync<JsonElement>();

        Assert.Matches("^[A-HJ-NP-Z2-9]{4}-[A-HJ-NP-Z2-9]{4}$", begun.GetProperty("user_code").GetString());
        Assert.Equal((300, 5), (begun.GetProperty("expires_in").GetInt32(), begun.GetProperty("interval").GetInt32()));
        Assert.Equal(server.Origin + "/device", begun.GetProperty("verification_uri").GetString());
        var (code, shown) = (begun.GetProperty("device_code").GetString()!, begun.GetProperty("user_code").GetString()!);
        Assert.Equal("authorization_pending", await ErrorAsync(device, code));

        var (_, waiting) = await GetAsync(http, "/api/auth/device/status/" + shown);
        Assert.True(waiting.GetProperty("valid").GetBoolean());
        Assert.Equal(("pending", "Build agent", "127.0.0.1"), (waiting.GetProperty("status").GetString(), waiting.GetProperty("client_id").GetString(), waiting.GetProperty("address").GetString()));
        Assert.Equal(200, (await PostAsync(http, "/api/auth/device/authorize", new { user_code = " " + shown.ToLowerInvariant().Replace("-", "", StringComparison.Ordinal) })).Status);

        var (status, tokens) = await TokenAsync(device, code);
        Assert.Equal(200, status);
        Assert.Equal(user.Id, tokens.GetProperty("user").GetProperty("id").GetString());
        Assert.Equal(["doors", "trace:read"], tokens.GetProperty("scopes").EnumerateArray().Select(scope => scope.GetString()));
        Assert.Equal("invalid_grant", await ErrorAsync(device, code));
        Assert.Equal(404, (await PostAsync(http, "/api/auth/device/authorize", new { user_code = shown })).Status);

        With(device, tokens.GetProperty("access_token").GetString()!);
        Assert.Equal(200, (await GetAsync(device, "/api/auth/me")).Status);
        Assert.Equal(200, (await PostAsync(server.Anonymous(), "/api/auth/refresh", new { refresh_token = tokens.GetProperty("refresh_token").GetString() })).Status);
    }

    [Fact]
    public async Task A_device_is_no_proof_of_its_user()
    {
        await using var server = await StartAsync();
        await server.AddUserAsync(Mail);
        using var http = await server.SignInAsync(Mail);
        using var device = server.Anonymous();
        var (code, shown) = await BeginAsync(device);
        await PostAsync(http, "/api/auth/device/authorize", new { user_code = shown });
        With(device, (await TokenAsync(device, code)).Body.GetProperty("access_token").GetString()!);

        foreach (var path in (string[])["/api/auth/enable-2fa", "/api/auth/passkey/register-start"])
        {
            var (status, problem) = await PostAsync(device, path, null);
            Assert.Equal((403, "AG6011"), (status, CodeOf(problem)));
        }

        // Nor does one device let in the next.
        var (_, next) = await BeginAsync(server.Anonymous());
        Assert.Equal(403, (await PostAsync(device, "/api/auth/device/authorize", new { user_code = next })).Status);
    }

    [Fact]
    public async Task Who_asks_too_often_has_to_wait_five_seconds_longer_each_time()
    {
        await using var server = await StartAsync();
        using var device = server.Anonymous();
        var (code, _) = await BeginAsync(device);

        async Task<string> AfterAsync(int seconds)
        {
            server.Time.Advance(TimeSpan.FromSeconds(seconds));
            return await ErrorAsync(device, code);
        }

        Assert.Equal("authorization_pending", await AfterAsync(0));
        Assert.Equal("authorization_pending", await AfterAsync(5));
        Assert.Equal("slow_down", await AfterAsync(4));
        Assert.Equal("slow_down", await AfterAsync(9));
        Assert.Equal("authorization_pending", await AfterAsync(15));
        Assert.Equal("slow_down", await AfterAsync(14));
    }

    [Fact]
    public async Task A_code_that_is_denied_expired_unknown_or_malformed_says_so()
    {
        await using var server = await StartAsync();
        await server.AddUserAsync(Mail);
        await server.AddUserAsync("bob@example.org");
        using var http = await server.SignInAsync(Mail);
        using var bob = await server.SignInAsync("bob@example.org");
        using var device = server.Anonymous();

        var (denied, shown) = await BeginAsync(device);
        Assert.Equal(200, (await PostAsync(http, "/api/auth/device/deny", new { user_code = shown })).Status);
        Assert.Equal("access_denied", await ErrorAsync(device, denied));
        Assert.Equal("denied", (await GetAsync(http, "/api/auth/device/status/" + shown)).Body.GetProperty("status").GetString());

        // Once decided it is nobody else's business.
        Assert.False((await GetAsync(bob, "/api/auth/device/status/" + shown)).Body.GetProperty("valid").GetBoolean());
        Assert.False((await GetAsync(bob, "/api/auth/device/status/AAAA-AAAA")).Body.GetProperty("valid").GetBoolean());
        Assert.Equal(401, (await GetAsync(device, "/api/auth/device/status/" + shown)).Status);

        var (late, lateShown) = await BeginAsync(device);
        server.Time.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal("expired_token", await ErrorAsync(device, late));
        Assert.Equal(404, (await PostAsync(http, "/api/auth/device/authorize", new { user_code = lateShown })).Status);
        Assert.Equal("invalid_grant", await ErrorAsync(device, new string('A', 43)));
        Assert.Equal("invalid_grant", await ErrorAsync(device, "x"));
        Assert.Equal("invalid_request", Error(await PostAsync(device, "/api/auth/device/token", new { })));
        Assert.Equal("unsupported_grant_type", Error(await PostAsync(device, "/api/auth/device/token", new { device_code = late, grant_type = "password" })));
        Assert.Equal("invalid_scope", Error(await PostAsync(device, "/api/auth/device/code", new { scope = "everything" })));
        Assert.Equal("invalid_request", Error(await PostAsync(device, "/api/auth/device/code", new { client_id = new string('x', 65) })));
        Assert.Equal("invalid_request", Error(await PostAsync(device, "/api/auth/device/code", "[1]")));
    }

    [Fact]
    public async Task A_device_gets_no_more_than_its_approver_may_do_now_or_later()
    {
        await using var server = await StartAsync();
        var user = await server.AddUserAsync(Mail, Roles.Viewer);
        using var http = await server.SignInAsync(Mail);
        using var device = server.Anonymous();

        var (_, greedy) = await BeginAsync(device, "doors user:create");
        var (status, problem) = await PostAsync(http, "/api/auth/device/authorize", new { user_code = greedy });
        Assert.Equal((403, "AG6313"), (status, CodeOf(problem)));

        var (code, shown) = await BeginAsync(device);
        await PostAsync(http, "/api/auth/device/authorize", new { user_code = shown });
        var tokens = (await TokenAsync(device, code)).Body;
        Assert.Equal(Roles.ScopesOf(Roles.Viewer).Order(StringComparer.Ordinal), tokens.GetProperty("scopes").EnumerateArray().Select(scope => scope.GetString()));

        // What the user becomes later, the device does not.
        var users = server.Get<IUserDirectory>();
        await users.UpdateAsync((await users.FindAsync(user.Id, default))! with { Role = Roles.Admin }, default);
        With(device, tokens.GetProperty("access_token").GetString()!);
        var (_, me) = await GetAsync(device, "/api/auth/me");
        Assert.DoesNotContain("user:create", me.GetProperty("scopes").EnumerateArray().Select(scope => scope.GetString()));
    }

    [Fact]
    public async Task A_user_who_is_disabled_meanwhile_lets_no_device_in()
    {
        await using var server = await StartAsync();
        var user = await server.AddUserAsync(Mail);
        using var http = await server.SignInAsync(Mail);
        using var device = server.Anonymous();
        var (code, shown) = await BeginAsync(device);
        await PostAsync(http, "/api/auth/device/authorize", new { user_code = shown });
        var users = server.Get<IUserDirectory>();
        await users.UpdateAsync((await users.FindAsync(user.Id, default))! with { IsActive = false }, default);

        Assert.Equal("access_denied", await ErrorAsync(device, code));
    }

    [Theory]
    [InlineData("/api/auth/revoke", "{}")]
    [InlineData("/api/auth/password", "{\"current_password\":\"correct horse battery staple\",\"new_password\":\"violet teapot ascends quietly\"}")]
    public async Task An_approval_ends_with_the_session_or_the_password_it_was_given_with(string path, string body)
    {
        await using var server = await StartAsync();
        await server.AddUserAsync(Mail);
        using var http = await server.SignInAsync(Mail);
        using var device = server.Anonymous();
        var (code, shown) = await BeginAsync(device);
        Assert.Equal(200, (await PostAsync(http, "/api/auth/device/authorize", new { user_code = shown })).Status);
        server.Time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(200, (await PostAsync(http, path, body)).Status);

        Assert.Equal("access_denied", await ErrorAsync(device, code));
    }

    [Fact]
    public async Task Of_many_that_ask_with_one_code_one_signs_in_and_of_two_decisions_one_counts()
    {
        await using var server = await StartAsync();
        await server.AddUserAsync(Mail);
        using var http = await server.SignInAsync(Mail);
        using var device = server.Anonymous();
        var (code, shown) = await BeginAsync(device);

        var decided = await Task.WhenAll(
            ((string[])["authorize", "deny", "authorize", "deny"]).Select(async path => (await PostAsync(http, "/api/auth/device/" + path, new { user_code = shown })).Status));
        Assert.Equal(1, decided.Count(status => status == 200));
        Assert.Equal(3, decided.Count(status => status == 404));

        var (second, secondShown) = await BeginAsync(device);
        await PostAsync(http, "/api/auth/device/authorize", new { user_code = secondShown });
        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(async _ => (await TokenAsync(device, second)).Status));
        Assert.Equal(1, answers.Count(status => status == 200));
        Assert.NotEqual(code, second);
    }

    [Fact]
    public async Task Trying_user_codes_is_limited()
    {
        await using var server = await StartAsync();
        await server.AddUserAsync(Mail);
        using var http = await server.SignInAsync(Mail);
        using var device = server.Anonymous();
        var (_, shown) = await BeginAsync(device);
        for (var i = 0; i < 20; i++)
        {
            Assert.Equal(200, (await GetAsync(http, "/api/auth/device/status/AAAA-AAAA")).Status);
        }

        var (status, problem) = await PostAsync(http, "/api/auth/device/authorize", new { user_code = shown });

        Assert.Equal((429, "AG6304"), (status, CodeOf(problem)));
    }

    private static async Task<(string Code, string Shown)> BeginAsync(HttpClient device, string? scope = null)
    {
        var (status, begun) = await PostAsync(device, "/api/auth/device/code", scope is null ? null : new { scope });
        Assert.Equal(200, status);
        return (begun.GetProperty("device_code").GetString()!, begun.GetProperty("user_code").GetString()!);
    }

    private static Task<(int Status, JsonElement Body)> TokenAsync(HttpClient device, string code)
        => PostAsync(device, "/api/auth/device/token", new { grant_type = "urn:ietf:params:oauth:grant-type:device_code", device_code = code });

    private static async Task<string> ErrorAsync(HttpClient device, string code) => Error(await TokenAsync(device, code));

    private static string Error((int Status, JsonElement Body) answer)
    {
        Assert.Equal(400, answer.Status);
        return answer.Body.GetProperty("error").GetString()!;
    }
}
