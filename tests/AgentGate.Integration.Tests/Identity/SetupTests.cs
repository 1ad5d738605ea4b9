using System.Text.Json.Nodes;
using AgentGate.Diagnostics;
using AgentGate.Identity;
using AgentGate.Keys;
using AgentGate.Server.Hosting;
using AgentGate.Server.Setup;

namespace AgentGate.Integration.Tests.Identity;

/// <summary>The first-run setup: once, by the operator, and by nobody who merely came first.</summary>
public sealed class SetupTests
{
    [Fact]
    public async Task Of_twenty_callers_one_makes_the_first_user()
    {
        await using var server = await SignInServer.StartAsync(setUp: false);
        var (_, before) = await server.SendAsync(HttpMethod.Get, "/api/setup/status");
        Assert.Equal((true, 0, false), (before["setup_required"]!.GetValue<bool>(), before["user_count"]!.GetValue<int>(), before["code_required"]!.GetValue<bool>()));

        var results = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => server.SetUpAsync($"admin{i}@example.org", key: true)));

        var (_, made) = Assert.Single(results, result => result.Status == 200);
        Assert.All(results.Where(result => result.Status != 200), result => Assert.Equal((409, Codes.SetupClosed), (result.Status, result.Body["code"]!.GetValue<string>())));
        Assert.Equal(1, await server.Get<IUserDirectory>().CountAsync(CancellationToken.None));
        Assert.Equal("admin", made["role"]!.GetValue<string>());

        // The key works, and is an agent's.
        var (status, context) = await server.SendAsync(HttpMethod.Get, "/api/auth/context", token: made["api_key"]!.GetValue<string>());
        Assert.Equal((200, "key"), (status, context["credential"]!.GetValue<string>()));
        Assert.DoesNotContain("user:create", context["scopes"]!.AsArray().Select(scope => scope!.GetValue<string>()));

        // It is the new user's, and ends.
        var key = Assert.Single(await server.Get<ApiKeyService>().ListAsync("default", made["user_id"]!.GetValue<string>(), CancellationToken.None));
        Assert.InRange(key.ExpiresAt!.Value, TimeProvider.System.GetUtcNow().AddDays(89), TimeProvider.System.GetUtcNow().AddDays(90));

        var (_, after) = await server.SendAsync(HttpMethod.Get, "/api/setup/status");
        Assert.Equal((false, true), (after["setup_required"]!.GetValue<bool>(), after["user_count"] is null));
        Assert.Equal(409, (await server.SetUpAsync("late@example.org")).Status);
        Assert.False(File.Exists(server.Get<SetupCode>().Place));
        Assert.Equal(404, (await server.PostAsync("/api/setup/reset", new JsonObject())).Status);
    }

    [Fact]
    public async Task From_another_machine_the_code_is_needed_and_its_file_is_the_owners()
    {
        await using var server = await SignInServer.StartAsync(setUp: false);
        var code = server.Get<SetupCode>();
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(code.Place));
        }

        Assert.Equal((403, Codes.SetupCodeNeeded), await CodeAsync(server.SetUpAsync(address: "192.0.2.9")));
        Assert.Equal((403, Codes.SetupCodeNeeded), await CodeAsync(server.SetUpAsync(address: "192.0.2.9", code: "AAAAA-AAAAA-AAAAA-AAAAA")));
        var text = (await File.ReadAllTextAsync(code.Place)).Trim();
        Assert.Equal(code.Text, text);
        Assert.Equal(200, (await server.SetUpAsync(address: "192.0.2.9", code: text.ToLowerInvariant().Replace('-', ' '))).Status);
    }

    [Theory]
    [InlineData("X-Forwarded-For", "127.0.0.1")]
    [InlineData("Forwarded", "for=127.0.0.1")]
    [InlineData("X-Real-IP", "127.0.0.1")]
    [InlineData("Via", "1.1 proxy")]
    [InlineData("X-Original-For", "127.0.0.1")]
    public async Task Behind_a_proxy_on_the_same_machine_the_code_is_needed(string header, string value)
    {
        await using var server = await SignInServer.StartAsync(setUp: false);
        var body = new JsonObject { ["email"] = SignInServer.Email, ["password"] = SignInServer.Password };
        var (status, answer) = await server.SendAsync(HttpMethod.Post, "/api/setup/complete", body, origin: server.Gateway.Url, headers: (header, value));

        Assert.Equal((403, Codes.SetupCodeNeeded), (status, answer["code"]!.GetValue<string>()));
    }

    [Fact]
    public async Task Outside_development_the_code_is_needed_on_the_same_machine_too()
    {
        await using var server = await SignInServer.StartAsync(
            new Dictionary<string, string?> { ["AgentGate:Passwords:Cost"] = "12", ["AgentGate:Captcha:Difficulty"] = "20" }, setUp: false, environment: "Production");
        Assert.True((await server.SendAsync(HttpMethod.Get, "/api/setup/status")).Body["code_required"]!.GetValue<bool>());

        // As a proxy on the same machine asks that adds no header.
        Assert.Equal((403, Codes.SetupCodeNeeded), await CodeAsync(server.SetUpAsync()));
        Assert.Equal(200, (await server.SetUpAsync(code: server.Get<SetupCode>().Text)).Status);
    }

    [Fact]
    public async Task A_name_of_somebody_elses_that_points_here_is_not_this_machine()
    {
        await using var server = await SignInServer.StartAsync(setUp: false);
        var host = "evil.example:" + new Uri(server.Gateway.Url).Port;
        var body = new JsonObject { ["email"] = SignInServer.Email, ["password"] = SignInServer.Password };
        var (status, _) = await server.SendAsync(HttpMethod.Post, "/api/setup/complete", body, origin: "http://" + host, headers: ("Host", host));

        // Refused as a host, or asked for the code: the page of another cannot know it.
        Assert.True(status is 400 or 403 or 421, $"{status}");
        Assert.Equal(0, await server.Get<IUserDirectory>().CountAsync(CancellationToken.None));
    }

    [Fact]
    public async Task A_program_or_a_page_from_elsewhere_sets_nothing_up()
    {
        await using var server = await SignInServer.StartAsync(new Dictionary<string, string?> { ["AgentGate:SignIn:AllowedOrigins:0"] = "https://dash.example.org" }, setUp: false);
        var body = new JsonObject { ["email"] = SignInServer.Email, ["password"] = SignInServer.Password };
        Assert.Equal((403, Codes.SetupFromElsewhere), await CodeAsync(server.PostAsync("/api/setup/complete", body.DeepClone())));
        foreach (var origin in (string[])["https://evil.example", "null", "http://127.0.0.1:1", "https://dash.example.org.evil.example", server.Gateway.Url + "@evil.example"])
        {
            Assert.Equal((403, Codes.SetupFromElsewhere), await CodeAsync(server.PostAsync("/api/setup/complete", body.DeepClone(), origin: origin)));
        }

        // A page of another origin is not this machine, but with the code an allowed one may.
        Assert.Equal((403, Codes.SetupCodeNeeded), await CodeAsync(server.PostAsync("/api/setup/complete", body.DeepClone(), origin: "https://dash.example.org")));
        var localhost = server.Gateway.Url.Replace("127.0.0.1", "localhost", StringComparison.Ordinal);
        Assert.Equal((400, Codes.PasswordRefused), await CodeAsync(server.PostAsync("/api/setup/complete", Weak(), origin: localhost)));
        Assert.Equal(200, (await server.SendAsync(HttpMethod.Post, "/api/setup/complete", body.DeepClone(), headers: ("Referer", server.Gateway.Url + "/setup"))).Status);
    }

    [Fact]
    public async Task The_code_outlives_a_restart_and_ends_with_the_first_user()
    {
        var directory = Path.Combine(Path.GetTempPath(), "agentgate-test-" + Guid.NewGuid().ToString("N"));
        string[] args = ["--environment", "Development", "--AGENTGATE_PORT", "0", "--AGENTGATE_HOST", "127.0.0.1", "--AGENTGATE_STATE_DIR", directory];
        string? first;
        await using (var app = ServerHost.Build(args))
        {
            await ServerHost.PrepareAsync(app, CancellationToken.None);
            first = ((SetupCode)app.Services.GetService(typeof(SetupCode))!).Text;
        }

        await using (var app = ServerHost.Build(args))
        {
            await ServerHost.PrepareAsync(app, CancellationToken.None);
            var code = (SetupCode)app.Services.GetService(typeof(SetupCode))!;
            Assert.NotNull(first);
            Assert.Equal(first, code.Text);
        }

        Directory.Delete(directory, recursive: true);
    }

    private static JsonObject Weak() => new() { ["email"] = SignInServer.Email, ["password"] = "admin@example.org" };

    private static async Task<(int Status, string Code)> CodeAsync(Task<(int Status, JsonNode Body)> answer)
    {
        var (status, body) = await answer;
        return (status, body["code"]?.GetValue<string>() ?? body.ToJsonString());
    }
}
