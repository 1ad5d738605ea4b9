using System.Text.Json.Nodes;
using AgentGate.Diagnostics;
using AgentGate.Identity;
using AgentGate.Server.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.JsonWebTokens;

namespace AgentGate.Integration.Tests.Identity;

/// <summary>Signing in with a password, over HTTP: the one right answer to each case.</summary>
public sealed class LoginTests : IClassFixture<LoginTests.Started>
{
    private readonly SignInServer _server;

    public LoginTests(Started started) => _server = started.Server;

    [Fact]
    public async Task The_right_password_gives_the_published_result()
    {
        var (status, body) = await _server.LoginAsync();

        Assert.Equal(200, status);
        Assert.Equal(("bearer", 900), (body["token_type"]!.GetValue<string>(), body["expires_in"]!.GetValue<int>()));
        Assert.Equal((SignInServer.Email, "admin", true, false), (
            body["user"]!["email"]!.GetValue<string>(), body["user"]!["role"]!.GetValue<string>(), body["user"]!["is_active"]!.GetValue<bool>(), body["user"]!["totp_enabled"]!.GetValue<bool>()));
        Assert.Equal(("A1", "R2", "default", "local"), (
            body["session_assurance"]!.GetValue<string>(), body["principal_risk"]!.GetValue<string>(), body["tenant_id"]!.GetValue<string>(), body["auth_provider"]!.GetValue<string>()));
        Assert.Contains("user:create", body["scopes"]!.AsArray().Select(scope => scope!.GetValue<string>()));
        Assert.False(body["must_change_password"]!.GetValue<bool>());

        // The token names nobody, and its key is among the published ones.
        var token = new JsonWebToken(body["access_token"]!.GetValue<string>());
        Assert.StartsWith("user_", token.Subject, StringComparison.Ordinal);
        Assert.DoesNotContain(SignInServer.Email, token.EncodedPayload, StringComparison.Ordinal);
        var (_, jwks) = await _server.SendAsync(HttpMethod.Get, "/.well-known/jwks.json");
        Assert.Contains(token.Kid, jwks["keys"]!.AsArray().Select(key => key!["kid"]!.GetValue<string>()));
        Assert.All(jwks["keys"]!.AsArray(), key => Assert.Null(key!["d"]));
        var (meStatus, me) = await _server.SendAsync(HttpMethod.Get, "/api/auth/me", token: token.EncodedToken);
        Assert.Equal((200, SignInServer.Email), (meStatus, me["user"]!["email"]!.GetValue<string>()));
    }

    [Theory]
    [InlineData("""{"email":"admin@example.org","password":"wrong wrong wrong"}""", 401, Codes.SignInRefused)]
    [InlineData("""{"email":"nobody@example.org","password":"violet teapot ascends quietly"}""", 401, Codes.SignInRefused)]
    [InlineData("""{"email":"admin@example.org"}""", 400, Codes.AccountRequestInvalid)]
    [InlineData("""{"email":"admin@example.org","password":null}""", 400, Codes.AccountRequestInvalid)]
    [InlineData("""{"email":"admin@example.org","password":""}""", 400, Codes.AccountRequestInvalid)]
    [InlineData("""{"email":"no address","password":"x"}""", 400, Codes.AccountRequestInvalid)]
    [InlineData("""{"email":"admin@example.org","password":"a\u0000b"}""", 400, Codes.InvalidField)]
    [InlineData("""{"email":"admin@example.org","password":"\ud800"}""", 400, Codes.AccountRequestInvalid)]
    [InlineData("""{"email":"admin@example.org","password":"x","password":"y"}""", 400, Codes.AccountRequestInvalid)]
    [InlineData("""{"email":"admin@example.org","password":"x","role":"admin"}""", 400, Codes.AccountRequestInvalid)]
    [InlineData("""[]""", 400, Codes.AccountRequestInvalid)]
    [InlineData("""{""", 400, Codes.AccountRequestInvalid)]
    public async Task A_sign_in_that_is_not_good_has_one_answer(string body, int status, string code)
    {
        using var response = await _server.Http.PostAsync("/api/auth/login", Security.Doors.Json(body));
        var text = await response.Content.ReadAsStringAsync();

        Assert.Equal((status, code), ((int)response.StatusCode, JsonNode.Parse(text)!["code"]!.GetValue<string>()));
        Assert.DoesNotContain("teapot", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_that_is_too_large_or_no_json_is_refused()
    {
        using var large = await _server.Http.PostAsync("/api/auth/login", Security.Doors.Json("""{"email":"a@b.cc","password":" """ + new string('x', 20_000) + "\"}"));
        using var form = await _server.Http.PostAsync("/api/auth/login", new FormUrlEncodedContent([new("email", "a@b.cc"), new("password", "x")]));

        Assert.Equal((413, 415), ((int)large.StatusCode, (int)form.StatusCode));
    }

    [Fact]
    public async Task Known_and_unknown_addresses_cost_the_same_hashes_and_are_told_the_same_words()
    {
        await _server.UserAsync("known@example.org", Roles.Viewer);
        await _server.UserAsync("no-password@example.org", Roles.Viewer, change: user => user with { PasswordHash = null });
        var queue = _server.Get<PasswordQueue>();
        List<string> told = [];
        foreach (var email in (string[])["known@example.org", "unknown@example.org", "no-password@example.org"])
        {
            var before = queue.Hashed;
            for (var i = 0; i < 3; i++)
            {
                var (status, body) = await _server.LoginAsync(email, "wrong wrong wrong", address: $"198.51.100.{i}");
                Assert.Equal(401, status);

                // All but what names the request itself.
                told.Add(string.Join('|', new[] { "type", "title", "detail", "code", "field", "error" }.Select(name => body[name]?.ToJsonString())));
            }

            // One hash each, whoever is asked for.
            Assert.Equal(3, queue.Hashed - before);
            var (captcha, needed) = await _server.LoginAsync(email, "wrong wrong wrong");
            Assert.Equal((400, "captcha_required"), (captcha, needed["error"]!.GetValue<string>()));
            Assert.Equal(3, queue.Hashed - before);
        }

        Assert.Single(told.Distinct());
    }

    [Fact]
    public async Task A_disabled_user_is_told_so_after_the_right_password_only()
    {
        await _server.UserAsync("disabled@example.org", Roles.Viewer, change: user => user with { IsActive = false });

        Assert.Equal((403, Codes.AccountDisabled), await CodeAsync(_server.LoginAsync("disabled@example.org")));
        Assert.Equal((401, Codes.SignInRefused), await CodeAsync(_server.LoginAsync("disabled@example.org", "wrong wrong wrong")));
    }

    [Fact]
    public async Task With_a_second_factor_the_password_alone_gives_no_token()
    {
        await _server.UserAsync("factor@example.org", Roles.Viewer, change: user => user with { TotpEnabled = true, TotpSecret = [1, 2, 3] });

        var (status, body) = await _server.LoginAsync("factor@example.org");
        Assert.Equal((200, true), (status, body["mfa_required"]!.GetValue<bool>()));
        Assert.Null(body["access_token"]);
        Assert.Null(body["refresh_token"]);
        Assert.Equal((401, Codes.SignInRefused), await CodeAsync(_server.LoginAsync("factor@example.org", "wrong wrong wrong", totp: "000000")));
        Assert.Equal((401, Codes.SecondFactorRefused), await CodeAsync(_server.LoginAsync("factor@example.org", totp: "nonsense")));
    }

    [Fact]
    public async Task After_three_failures_a_captcha_is_needed_and_works_once()
    {
        await _server.UserAsync("captcha@example.org", Roles.Viewer);
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(401, (await _server.LoginAsync("captcha@example.org", "wrong wrong wrong")).Status);
        }

        Assert.Equal((400, Codes.CaptchaNeeded), await CodeAsync(_server.LoginAsync("captcha@example.org")));
        Assert.Equal((400, Codes.CaptchaNeeded), await CodeAsync(_server.LoginAsync("captcha@example.org", captcha: "nonsense:1")));
        var solved = await _server.CaptchaAsync();
        Assert.Equal(401, (await _server.LoginAsync("captcha@example.org", "wrong wrong wrong", captcha: solved)).Status);
        Assert.Equal((400, Codes.CaptchaNeeded), await CodeAsync(_server.LoginAsync("captcha@example.org", captcha: solved)));
        Assert.Equal(200, (await _server.LoginAsync("captcha@example.org", captcha: await _server.CaptchaAsync())).Status);

        // Whoever got in starts anew.
        Assert.Equal(401, (await _server.LoginAsync("captcha@example.org", "wrong wrong wrong")).Status);
        Assert.Equal(200, (await _server.LoginAsync("captcha@example.org")).Status);
    }

    [Fact]
    public async Task Ten_failures_lock_the_account_for_the_right_password_too()
    {
        await _server.UserAsync("locked@example.org", Roles.Viewer);
        for (var i = 0; i < 10; i++)
        {
            Assert.Equal(401, (await _server.LoginAsync("locked@example.org", "wrong wrong wrong", captcha: i >= 3 ? await _server.CaptchaAsync() : null)).Status);
        }

        var (status, body) = await _server.LoginAsync("locked@example.org", captcha: await _server.CaptchaAsync());
        Assert.Equal((429, Codes.AccountLocked), (status, body["code"]!.GetValue<string>()));
        Assert.InRange(body["retry_after"]!.GetValue<double>(), 1, 900);
        Assert.Contains(await _server.LogAsync("default"), entry => entry.Action == "auth.locked");

        // Its owner, in by a passkey, is in with the password again.
        await _server.Get<SignInLimits>().SucceededAsync("locked@example.org", CancellationToken.None);
        Assert.Equal(200, (await _server.LoginAsync("locked@example.org")).Status);
    }

    [Fact]
    public async Task A_hash_of_less_cost_or_of_the_old_form_is_replaced_when_its_owner_signs_in()
    {
        var old = BCrypt.Net.BCrypt.HashPassword(SignInServer.Password, 4);
        var user = await _server.UserAsync("old@example.org", Roles.Viewer, change: user => user with { PasswordHash = old });

        Assert.Equal(200, (await _server.LoginAsync("old@example.org")).Status);
        var now = (await _server.Get<IUserDirectory>().FindAsync(user.Id, CancellationToken.None))!;
        Assert.StartsWith("$ag1$2", now.PasswordHash, StringComparison.Ordinal);
        Assert.NotNull(now.LastSignInAt);
        Assert.Equal(200, (await _server.LoginAsync("old@example.org")).Status);
    }

    [Fact]
    public async Task Every_try_is_on_record_and_the_record_names_nobody()
    {
        var user = await _server.UserAsync("record@example.org", Roles.Viewer);
        await _server.LoginAsync("record@example.org", "wrong wrong wrong", address: "203.0.113.77");
        await _server.LoginAsync("record@example.org", address: "203.0.113.77");
        await _server.LoginAsync("not-there@example.org", address: "203.0.113.78");

        var mine = (await _server.LogAsync("default")).Where(entry => entry.Principal == user.Id).ToList();
        Assert.Contains(mine, entry => entry is { Action: "auth.sign-in", Code: Codes.SignInRefused });
        var done = Assert.Single(mine, entry => entry is { Action: "auth.sign-in", Code: null });
        var origins = await _server.Get<IActOrigins>().FindAsync("default", [done.Id], CancellationToken.None);
        Assert.Equal("203.0.113.77", origins[done.Id].Address);
        foreach (var entry in mine.Concat(await _server.LogAsync("system")))
        {
            var text = System.Text.Json.JsonSerializer.Serialize(entry);
            Assert.DoesNotContain("@example.org", text, StringComparison.Ordinal);
            Assert.DoesNotContain("203.0.113.7", text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Nobody_is_told_who_has_a_second_factor_and_everybody_who_signs_people_in()
    {
        var known = await _server.PostAsync("/api/auth/check-mfa", new JsonObject { ["email"] = SignInServer.Email });
        var unknown = await _server.PostAsync("/api/auth/check-mfa", new JsonObject { ["email"] = "nobody-at-all@example.org" });
        Assert.Equal((known.Status, known.Body.ToJsonString()), (unknown.Status, unknown.Body.ToJsonString()));

        var (status, providers) = await _server.SendAsync(HttpMethod.Get, "/api/auth/providers");
        Assert.Equal((200, true), (status, providers["local_password_auth_allowed"]!.GetValue<bool>()));
        Assert.NotEmpty(providers["mode"]!.GetValue<string>());
    }

    private static async Task<(int Status, string Code)> CodeAsync(Task<(int Status, JsonNode Body)> answer)
    {
        var (status, body) = await answer;
        return (status, body["code"]?.GetValue<string>() ?? body.ToJsonString());
    }

    public sealed class Started : IAsyncLifetime
    {
        internal SignInServer Server { get; private set; } = null!;

        public async ValueTask InitializeAsync() => Server = await SignInServer.StartAsync(
            customize: builder => builder.Services.AddSingleton<ISecondFactors, NoSecondFactors>());

        public ValueTask DisposeAsync() => Server.DisposeAsync();
    }
}
