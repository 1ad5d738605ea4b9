using System.Globalization;
using System.Text.Json.Nodes;
using AgentGate.Diagnostics;
using AgentGate.Identity;
using AgentGate.Server.Identity;

namespace AgentGate.Integration.Tests.Identity;

/// <summary>Who tries in numbers gets no hash beyond the limits, and who tricks gets nothing.</summary>
public sealed class AbuseTests
{
    /// <summary>How many sign-ins a flood has: a sample, and ten thousand where <c>./run abuse</c> asks for them.</summary>
    private static int Flood { get; } = int.TryParse(Environment.GetEnvironmentVariable("AGENTGATE_ABUSE"), CultureInfo.InvariantCulture, out var asked) ? asked : 2_000;

    [Fact]
    public async Task Thousands_of_addresses_against_one_account_get_ten_hashes_and_a_record_of_bounded_length()
    {
        await using var server = await SignInServer.StartAsync();
        await server.UserAsync("target@example.org", Roles.Viewer);
        var (queue, hashed, entries) = (server.Get<PasswordQueue>(), server.Get<PasswordQueue>().Hashed, await CountAsync(server));
        var captchas = new List<string>();
        for (var i = 0; i < 40; i++)
        {
            captchas.Add(await server.CaptchaAsync());
        }

        var results = await FloodAsync(i => server.LoginAsync(
            "target@example.org", "wrong wrong wrong", address: $"10.{i >> 16}.{(i >> 8) & 255}.{i & 255}", captcha: i < captchas.Count ? captchas[i] : null));

        Assert.True(queue.Hashed - hashed <= 10, $"{queue.Hashed - hashed} hashes");
        Assert.Equal(queue.Hashed - hashed, results.Count(result => result == (401, Codes.SignInRefused)));

        // A store that is asked by all of them at once may fail for one; that one is refused, too.
        var failed = results.Count(result => result.Status == 503);
        Assert.True(failed <= Flood / 1000, $"{failed} failed");
        Assert.All(results.Where(result => result.Status != 503), result => Assert.Contains(result, new[] { (401, Codes.SignInRefused), (400, Codes.CaptchaNeeded), (429, Codes.AccountLocked) }));

        // Which of them each one met depends on which was faster; whoever comes now meets the lock, whatever was solved.
        foreach (var captcha in (string?[])[null, await server.CaptchaAsync()])
        {
            var (late, told) = await server.LoginAsync("target@example.org", "wrong wrong wrong", address: "10.255.0.1", captcha: captcha);
            Assert.Equal((429, Codes.AccountLocked), (late, told["code"]!.GetValue<string>()));
        }

        // All of them are on record, in far fewer entries; the rest in those that count.
        var log = (await server.LogAsync("default")).Concat(await server.LogAsync("system")).Where(entry => entry.Action == "auth.sign-in" && entry.Code is not null).ToList();
        Assert.InRange(log.Sum(entry => entry.Count ?? 1), Flood - failed, Flood + 2);
        Assert.True(await CountAsync(server) - entries < Math.Max(Flood / 2, 1_500), $"{log.Count} entries");
    }

    [Fact]
    public async Task One_address_against_thousands_of_accounts_gets_as_many_hashes_as_it_has_tries()
    {
        await using var server = await SignInServer.StartAsync(new Dictionary<string, string?>
        {
            ["AgentGate:SignIn:AddressTriesPerMinute"] = "10", ["AgentGate:SignIn:AddressTriesPerHour"] = "10",
        });
        var (queue, before) = (server.Get<PasswordQueue>(), server.Get<PasswordQueue>().Hashed);

        // One household has all addresses of its /64.
        var results = await FloodAsync(i => server.LoginAsync($"user{i}@example.org", "wrong wrong wrong", address: $"2001:db8:1:2::{i:x}"));

        Assert.Equal(10, queue.Hashed - before);
        Assert.Equal(10, results.Count(result => result == (401, Codes.SignInRefused)));

        // Told to come again at first; then the address is blocked, and stays so.
        var told = results.Where(result => result.Status != 401).ToLookup(result => result == (429, Codes.SignInLimited));
        Assert.NotEmpty(told[true]);
        Assert.All(told[false], result => Assert.Equal((403, Codes.AddressBlocked), result));

        // What was refused is counted away from the requests.
        var began = TimeProvider.System.GetTimestamp();
        int status;
        while ((status = (await server.LoginAsync("another@example.org", "wrong wrong wrong", address: "2001:db8:1:2::f")).Status) == 429)
        {
            Assert.True(TimeProvider.System.GetElapsedTime(began) < TimeSpan.FromSeconds(30), "It is not blocked.");
        }

        Assert.Equal(403, status);

        // Others are not kept out by it.
        Assert.Equal(200, (await server.LoginAsync(address: "2001:db8:1:3::1")).Status);
    }

    [Fact]
    public async Task A_line_of_passwords_that_is_too_long_is_told_to_come_again()
    {
        await using var server = await SignInServer.StartAsync(new Dictionary<string, string?>
        {
            ["AgentGate:Passwords:Cost"] = "8", ["AgentGate:Passwords:Parallel"] = "1", ["AgentGate:Passwords:WaitingMax"] = "2",
        });
        var results = await Task.WhenAll(Enumerable.Range(0, 40).Select(i => server.LoginAsync($"user{i}@example.org", "wrong wrong wrong")));

        // Who got a place in the line is answered, and every other one is told when to come.
        var turned = results.Where(result => result.Status != 401).ToList();
        Assert.NotEmpty(turned);
        Assert.All(turned, result => Assert.Equal((429, Codes.PasswordQueueFull, true), (result.Status, result.Body["code"]!.GetValue<string>(), result.Body["retry_after"] is not null)));
        Assert.All(results.Except(turned), result => Assert.Equal(Codes.SignInRefused, result.Body["code"]!.GetValue<string>()));
    }

    [Fact]
    public async Task Another_site_signs_no_browser_in()
    {
        await using var server = await SignInServer.StartAsync();
        var body = new JsonObject { ["email"] = SignInServer.Email, ["password"] = SignInServer.Password, ["cookie"] = true };
        var (status, answer) = await server.PostAsync("/api/auth/login", body, origin: "https://evil.example");
        Assert.Equal((403, Codes.CsrfRefused), (status, answer["code"]!.GetValue<string>()));

        // Nor by the form of a page, which needs no permission: a form cannot send JSON as such.
        using var form = new HttpRequestMessage(HttpMethod.Post, "/api/auth/login") { Content = new StringContent(body.ToJsonString(), System.Text.Encoding.UTF8, "text/plain") };
        using var response = await server.Http.SendAsync(form);
        Assert.Equal(415, (int)response.StatusCode);
        Assert.False(response.Headers.Contains("Set-Cookie"));
    }

    [Fact]
    public async Task A_cookie_that_was_there_before_is_worth_nothing_afterwards()
    {
        await using var server = await SignInServer.StartAsync();
        var (planted, _, _) = await server.CookieAsync();
        var (own, _, _) = await server.CookieAsync(former: planted);
        var (made, _, _) = await server.CookieAsync(former: "agentgate_pages=" + new string('A', 43));

        Assert.NotEqual(planted, own);
        Assert.NotEqual("agentgate_pages=" + new string('A', 43), made);
        Assert.Equal(401, (await server.SendAsync(HttpMethod.Get, "/api/auth/me", headers: ("Cookie", planted))).Status);
        Assert.Equal(200, (await server.SendAsync(HttpMethod.Get, "/api/auth/me", headers: ("Cookie", own))).Status);
    }

    [Fact]
    public async Task A_cookie_is_for_this_server_alone_and_changes_nothing_without_the_token_of_its_page()
    {
        await using var server = await SignInServer.StartAsync();
        var (cookie, csrf, response) = await server.CookieAsync();
        var set = response.Headers.GetValues("Set-Cookie").Single();
        Assert.Contains("httponly", set, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=strict", set, StringComparison.OrdinalIgnoreCase);

        Assert.Equal(403, (await server.SendAsync(HttpMethod.Delete, "/api/auth/sessions", headers: ("Cookie", cookie))).Status);
        Assert.Equal(403, (await server.SendAsync(HttpMethod.Delete, "/api/auth/sessions", headers: [("Cookie", cookie), ("X-AgentGate-CSRF", csrf + "x")])).Status);
        Assert.Equal(403, (await server.SendAsync(HttpMethod.Delete, "/api/auth/sessions", origin: "https://evil.example", headers: [("Cookie", cookie), ("X-AgentGate-CSRF", csrf)])).Status);
        Assert.Equal(200, (await server.SendAsync(HttpMethod.Delete, "/api/auth/sessions", headers: [("Cookie", cookie), ("X-AgentGate-CSRF", csrf)])).Status);
        var (_, me) = await server.SendAsync(HttpMethod.Get, "/api/auth/me", headers: ("Cookie", cookie));
        Assert.Equal(csrf, me["csrf_token"]!.GetValue<string>());
    }

    [Fact]
    public async Task What_a_request_says_its_host_is_makes_no_link()
    {
        await using var server = await SignInServer.StartAsync(new Dictionary<string, string?> { ["AgentGate:SignIn:PublicUrl"] = "https://gate.example.org" });
        var token = await server.TokenAsync();
        var (refused, document) = await server.SendAsync(HttpMethod.Post, "/api/invitations", new JsonObject { ["role"] = "viewer" }, token, headers: ("Host", "evil.example"));
        Assert.Equal((400, Codes.HostRefused), (refused, document["code"]!.GetValue<string>()));
        Assert.DoesNotContain("evil.example", document.ToJsonString(), StringComparison.Ordinal);

        // Under a name of its own it answers, and what a proxy nobody trusts says makes no link either.
        var (status, body) = await server.SendAsync(
            HttpMethod.Post, "/api/invitations", new JsonObject { ["role"] = "viewer" }, token, headers: ("X-Forwarded-Host", "evil.example"));
        Assert.Equal(201, status);
        Assert.DoesNotContain("evil.example", body.ToJsonString(), StringComparison.Ordinal);
        Assert.StartsWith("https://gate.example.org/", body["link"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    private static async Task<int> CountAsync(SignInServer server) => (await server.LogAsync("default")).Count + (await server.LogAsync("system")).Count;

    private static async Task<List<(int Status, string Code)>> FloodAsync(Func<int, Task<(int Status, JsonNode Body)>> one)
    {
        var results = new (int, string)[Flood];
        await Parallel.ForAsync(0, Flood, new ParallelOptions { MaxDegreeOfParallelism = 64 }, async (i, _) =>
        {
            var (status, body) = await one(i);
            results[i] = (status, body["code"]?.GetValue<string>() ?? "");
        });
        return [.. results];
    }
}
