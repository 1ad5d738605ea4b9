using System.Text;
using System.Text.Json;
using AgentGate.Identity;
using static AgentGate.Integration.Tests.Identity.FactorServer;

namespace AgentGate.Integration.Tests.Identity;

public sealed class StepUpTests
{
    private const string Mail = "ada@example.org";

    [Fact]
    public async Task A_password_renews_the_session_of_a_user_without_a_second_factor()
    {
        await using var server = await StartAsync();
        await server.AddUserAsync(Mail);
        using var http = await server.SignInAsync(Mail);
        server.Time.Advance(TimeSpan.FromMinutes(11));

        var (late, problem) = await PostAsync(http, "/api/auth/enable-2fa", null);
        Assert.Equal((401, "AG6007"), (late, CodeOf(problem)));

        // RFC 9470 §3: by this a program, and the pages, know that signing in again is not all there is.
        using var refused = await http.PostAsync("/api/auth/enable-2fa", null);
        var challenge = Assert.Single(refused.Headers.WwwAuthenticate).ToString();
        Assert.Contains("error=\"insufficient_user_authentication\"", challenge, StringComparison.Ordinal);
        Assert.Contains("max_age=\"600\"", challenge, StringComparison.Ordinal);
        Assert.Equal(401, (await PostAsync(http, "/api/auth/step-up", new { password = "wrong" })).Status);
        Assert.Equal(401, (await PostAsync(http, "/api/auth/enable-2fa", null)).Status);
        var (status, raised) = await PostAsync(http, "/api/auth/step-up", new { password = Password });

        Assert.Equal((200, "A1"), (status, raised.GetProperty("session_assurance").GetString()));

        // A copy of the token from before proves what it did.
        Assert.Equal(401, (await PostAsync(http, "/api/auth/enable-2fa", null)).Status);
        With(http, raised.GetProperty("access_token").GetString()!);
        Assert.Equal(200, (await PostAsync(http, "/api/auth/enable-2fa", null)).Status);
    }

    [Fact]
    public async Task A_password_is_not_enough_for_who_has_a_second_factor()
    {
        await using var server = await StartAsync();
        await server.AddUserAsync(Mail);
        using var old = await server.SignInAsync(Mail);
        using var http = await server.SignInAsync(Mail);
        var (secret, codes) = await server.EnrolAsync(http);

        Assert.Equal(400, (await PostAsync(old, "/api/auth/step-up", new { password = Password })).Status);
        var (status, raised) = await PostAsync(old, "/api/auth/step-up", new { totp_code = server.Code(secret) });
        Assert.Equal((200, "A2"), (status, raised.GetProperty("session_assurance").GetString()));
        With(old, raised.GetProperty("access_token").GetString()!);
        Assert.Contains("otp", raised.GetProperty("auth_methods").EnumerateArray().Select(one => one.GetString()));
        Assert.Equal(200, (await PostAsync(old, "/api/auth/regenerate-backup-codes", new { password = Password })).Status);

        // Used up, here as at signing in.
        Assert.Equal(401, (await PostAsync(old, "/api/auth/step-up", new { totp_code = server.Code(secret) })).Status);
        Assert.Equal(401, (await PostAsync(old, "/api/auth/step-up", new { backup_code = codes[0] })).Status);
        Assert.Equal(400, (await PostAsync(old, "/api/auth/step-up", new { })).Status);
    }

    [Fact]
    public async Task A_cookie_is_replaced_and_the_one_before_opens_nothing()
    {
        await using var server = await StartAsync();
        await server.AddUserAsync(Mail);
        using var http = server.Anonymous();
        var (cookie, csrf) = await BrowserAsync(http);

        using var request = Request(HttpMethod.Post, "/api/auth/step-up", cookie, csrf, new { password = Password });
        using var response = await http.SendAsync(request);
        var raised = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;
        Assert.Equal(200, (int)response.StatusCode);
        var next = Cookie(response);

        Assert.NotEqual(cookie, next);
        Assert.False(raised.TryGetProperty("access_token", out _));
        Assert.Equal(401, await StatusAsync(http, cookie));
        Assert.Equal(200, await StatusAsync(http, next));
        using var stale = Request(HttpMethod.Post, "/api/auth/enable-2fa", next, csrf, null);
        using var refused = await http.SendAsync(stale);
        Assert.Equal(403, (int)refused.StatusCode);
        using var fresh = Request(HttpMethod.Post, "/api/auth/enable-2fa", next, raised.GetProperty("csrf_token").GetString()!, null);
        using var taken = await http.SendAsync(fresh);
        Assert.Equal(200, (int)taken.StatusCode);
    }

    [Fact]
    public async Task A_step_up_of_tokens_keeps_the_refresh_token_and_tells_the_assurance_in_the_access_token()
    {
        await using var server = await StartAsync();
        await server.AddUserAsync(Mail);
        using var first = await server.SignInAsync(Mail);
        var (secret, _) = await server.EnrolAsync(first);
        using var http = server.Anonymous();
        var (_, login) = await PostAsync(http, "/api/auth/login", new { email = Mail, password = Password, totp_code = server.Code(secret) });
        With(http, login.GetProperty("access_token").GetString()!);
        server.Time.Advance(TimeSpan.FromMinutes(1));

        var (status, raised) = await PostAsync(http, "/api/auth/step-up", new { totp_code = server.Code(secret) });
        var (refreshed, _) = await PostAsync(http, "/api/auth/refresh", new { refresh_token = login.GetProperty("refresh_token").GetString() });

        Assert.Equal((200, 200), (status, refreshed));
        var claims = JsonDocument.Parse(System.Buffers.Text.Base64Url.DecodeFromChars(raised.GetProperty("access_token").GetString()!.Split('.')[1])).RootElement;
        Assert.Equal("A2", claims.GetProperty("acr").GetString());
        Assert.Equal(server.Time.GetUtcNow().ToUnixTimeSeconds(), claims.GetProperty("auth_time").GetInt64());
    }

    [Fact]
    public async Task Guessing_the_password_in_a_session_is_limited()
    {
        await using var server = await StartAsync();
        await server.AddUserAsync(Mail);
        using var http = await server.SignInAsync(Mail);
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(401, (await PostAsync(http, "/api/auth/step-up", new { password = "wrong " + i })).Status);
        }

        var (status, problem) = await PostAsync(http, "/api/auth/step-up", new { password = Password });
        Assert.Equal((400, Diagnostics.Codes.CaptchaNeeded), (status, CodeOf(problem)));

        // Counted with signing in: a stolen session gives no more tries than nobody has.
        using var anonymous = server.Anonymous();
        (status, problem) = await PostAsync(anonymous, "/api/auth/login", new { email = Mail, password = Password });
        Assert.Equal((400, Diagnostics.Codes.CaptchaNeeded), (status, CodeOf(problem)));
    }

    [Fact]
    public async Task Another_users_proof_raises_nothing()
    {
        await using var server = await StartAsync();
        await server.AddUserAsync(Mail);
        await server.AddUserAsync("bob@example.org", Roles.Admin);
        using var http = await server.SignInAsync(Mail);
        using var bob = await server.SignInAsync("bob@example.org");
        var (_, codes) = await server.EnrolAsync(bob);
        await server.EnrolAsync(http);

        Assert.Equal(401, (await PostAsync(http, "/api/auth/step-up", new { backup_code = codes[0] })).Status);
    }

    private static async Task<(string Cookie, string Csrf)> BrowserAsync(HttpClient http)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/auth/login");
        request.Content = new StringContent(JsonSerializer.Serialize(new { email = Mail, password = Password, cookie = true }), Encoding.UTF8, "application/json");
        using var response = await http.SendAsync(request);
        var body = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;
        return (Cookie(response), body.GetProperty("csrf_token").GetString()!);
    }

    private static string Cookie(HttpResponseMessage response) => response.Headers.GetValues("Set-Cookie").Last().Split(';')[0];

    private static HttpRequestMessage Request(HttpMethod method, string path, string cookie, string csrf, object? body)
    {
        var request = new HttpRequestMessage(method, path);
        request.Headers.Add("Cookie", cookie);
        request.Headers.Add("X-AgentGate-CSRF", csrf);
        if (body is not null)
        {
            request.Content = new StringContent(JsonSerializer.Serialize(body), Encoding.UTF8, "application/json");
        }

        return request;
    }

    private static async Task<int> StatusAsync(HttpClient http, string cookie)
    {
        using var request = Request(HttpMethod.Get, "/api/auth/mfa/status", cookie, "", null);
        using var response = await http.SendAsync(request);
        return (int)response.StatusCode;
    }
}
