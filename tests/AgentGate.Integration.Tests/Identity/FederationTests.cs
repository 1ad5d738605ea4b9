using AgentGate.Identity;
using Microsoft.AspNetCore.Http;
using static AgentGate.Integration.Tests.Identity.FactorServer;

namespace AgentGate.Integration.Tests.Identity;

public sealed class FederationTests
{
    private const string Mail = "ada@example.org";

    [Fact]
    public async Task A_browser_signs_in_through_the_provider_and_arrives_where_it_wanted()
    {
        await using var both = await FederationServer.StartAsync();
        var (browser, callback) = await both.GoAsync("/settings/keys?tab=2");
        using (browser)
        {
            using var arrived = await browser.GetAsync(callback);
            Assert.Equal(200, (int)arrived.StatusCode);
            Assert.Equal("0; url=/settings/keys?tab=2", arrived.Headers.GetValues("Refresh").Single());
            var cookie = arrived.Headers.GetValues("Set-Cookie").Single(one => one.StartsWith("agentgate_pages=", StringComparison.Ordinal));
            Assert.Contains("samesite=strict", cookie, StringComparison.OrdinalIgnoreCase);
            browser.DefaultRequestHeaders.Remove("Cookie");
            browser.DefaultRequestHeaders.Add("Cookie", cookie.Split(';')[0]);
            var (status, me) = await GetAsync(browser, "/api/auth/me");
            Assert.Equal(200, status);
            Assert.Equal("viewer", me.GetProperty("user").GetProperty("role").GetString());
        }

        var user = await both.Server.Get<IUserDirectory>().FindByEmailAsync(Mail, default);
        Assert.Equal((UserSources.Oidc, "Ada", null), (user!.Source, user.Name, user.PasswordHash));
    }

    [Theory]
    [InlineData("https://evil.example/")]
    [InlineData("//evil.example")]
    [InlineData("/\\evil.example")]
    [InlineData("/a\\b")]
    [InlineData("javascript:alert(1)")]
    [InlineData("playground")]
    [InlineData("")]
    [InlineData("/a\r\nSet-Cookie: x=y")]
    [InlineData("/a;url=https://evil.example")]
    public async Task A_browser_is_sent_to_no_other_server(string url)
    {
        await using var both = await FederationServer.StartAsync();
        using var browser = both.Server.Anonymous();

        var (status, problem) = await GetAsync(browser, "/api/auth/oidc/custom_oidc/start?return_url=" + Uri.EscapeDataString(url));

        Assert.Equal((400, "AG6408"), (status, CodeOf(problem)));
    }

    [Fact]
    public async Task What_was_begun_is_finished_once_in_time_and_by_the_browser_that_began_it()
    {
        await using var both = await FederationServer.StartAsync();

        var (browser, callback) = await both.GoAsync();
        Assert.Equal(200, (await GetAsync(browser, callback)).Status);
        Assert.Equal(401, (await GetAsync(browser, callback)).Status);

        var (_, stolen) = await both.GoAsync();
        using var other = both.Server.Anonymous();
        var (status, problem) = await GetAsync(other, stolen);
        Assert.Equal((401, "AG6405"), (status, CodeOf(problem)));
        other.DefaultRequestHeaders.Add("Cookie", "agentgate_oidc=" + new string('A', 43));
        Assert.Equal(401, (await GetAsync(other, (await both.GoAsync()).Callback)).Status);

        var (late, tooLate) = await both.GoAsync();
        both.Server.Time.Advance(TimeSpan.FromMinutes(11));
        Assert.Equal(401, (await GetAsync(late, tooLate)).Status);
        Assert.Equal((401, "AG6405"), await both.SignInAsync(way => way.Replace("state=", "state=x", StringComparison.Ordinal)));
        Assert.Equal((401, "AG6405"), await both.SignInAsync(way => way[..way.IndexOf('?', StringComparison.Ordinal)]));
    }

    [Fact]
    public async Task Another_issuer_than_the_one_asked_may_not_answer()
    {
        await using var both = await FederationServer.StartAsync();

        Assert.Equal((401, "AG6405"), await both.SignInAsync(way => way[..way.IndexOf("&iss=", StringComparison.Ordinal)]));
        Assert.Equal((401, "AG6405"), await both.SignInAsync(way => way[..way.IndexOf("&iss=", StringComparison.Ordinal)] + "&iss=https%3A%2F%2Fevil.example"));
    }

    [Fact]
    public async Task A_provider_that_refuses_or_gives_another_code_signs_nobody_in()
    {
        await using var both = await FederationServer.StartAsync();

        Assert.Equal((401, "AG6403"), await both.SignInAsync(way => way.Replace("code=", "error=<script>&x=", StringComparison.Ordinal)));
        Assert.Equal((401, "AG6403"), await both.SignInAsync(way => way.Replace("code=", "code=x", StringComparison.Ordinal)));

        // The code of another sign-in: its verifier is another.
        var (_, first) = await both.GoAsync();
        var foreign = System.Web.HttpUtility.ParseQueryString(new Uri(first).Query)["code"];
        Assert.Equal((401, "AG6403"), await both.SignInAsync(way => way.Replace("code=" + System.Web.HttpUtility.ParseQueryString(new Uri(way).Query)["code"], "code=" + foreign, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_token_that_is_wrong_in_any_way_signs_nobody_in()
    {
        await using var both = await FederationServer.StartAsync();
        var now = both.Server.Time.GetUtcNow().ToUnixTimeSeconds();
        (string Why, Action<Dictionary<string, object>> Bend)[] cases =
        [
            ("another nonce", claims => claims["nonce"] = "another"),
            ("no nonce", claims => claims.Remove("nonce")),
            ("another audience", claims => claims["aud"] = "somebody"),
            ("no audience", claims => claims.Remove("aud")),
            ("several audiences and no party", claims => claims["aud"] = new[] { OidcDouble.ClientId, "somebody" }),
            ("another party", claims => claims["azp"] = "somebody"),
            ("another issuer", claims => claims["iss"] = "https://evil.example"),
            ("too old", claims => claims["exp"] = now - 120),
            ("without an end", claims => claims.Remove("exp")),
            ("not yet", claims => claims["nbf"] = now + 600),
            ("without a subject", claims => claims.Remove("sub")),
            ("a subject that is no text", claims => claims["sub"] = 5),
        ];
        foreach (var (why, bend) in cases)
        {
            both.Provider.Bend = bend;
            var answer = await both.SignInAsync();
            Assert.True(answer == (401, "AG6404"), $"{why}: {answer}");
        }

        Assert.Null(await both.Server.Get<IUserDirectory>().FindByEmailAsync(Mail, default));
    }

    [Fact]
    public async Task A_provider_that_fails_is_a_bad_gateway_and_never_a_failure_of_the_server()
    {
        await using var both = await FederationServer.StartAsync();
        foreach (var answer in (Func<IResult>[])
            [() => Results.StatusCode(500), () => Results.Text("<html>"), () => Results.Json(new { }), () => Results.Json(new { id_token = 5 }), () => Results.Json(new[] { 1 }), () => Results.Redirect("http://127.0.0.1:1/")])
        {
            both.Provider.TokenAnswer = answer;
            Assert.Equal((502, "AG6402"), await both.SignInAsync());
        }

        both.Provider.TokenAnswer = () => Results.Json(new { id_token = "not.a.token" });
        Assert.Equal((401, "AG6404"), await both.SignInAsync());
    }

    [Fact]
    public async Task A_provider_that_is_down_or_speaks_for_another_is_not_believed()
    {
        await using var both = await FederationServer.StartAsync();
        using var browser = both.Server.Anonymous();
        both.Provider.IsDown = true;
        var (status, problem) = await GetAsync(browser, "/api/auth/oidc/custom_oidc/start");
        Assert.Equal((502, "AG6402"), (status, CodeOf(problem)));

        both.Provider.IsDown = false;
        both.Provider.ClaimedIssuer = "https://evil.example";
        both.Server.Time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(502, (await GetAsync(browser, "/api/auth/oidc/custom_oidc/start")).Status);

        both.Provider.ClaimedIssuer = null;
        both.Server.Time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(302, (await GetAsync(browser, "/api/auth/oidc/custom_oidc/start")).Status);

        // What was read a while ago still counts when it goes away.
        both.Server.Time.Advance(TimeSpan.FromHours(7));
        both.Provider.IsDown = true;
        Assert.Equal(302, (await GetAsync(browser, "/api/auth/oidc/custom_oidc/start")).Status);
        both.Server.Time.Advance(TimeSpan.FromHours(20));
        Assert.Equal(502, (await GetAsync(browser, "/api/auth/oidc/custom_oidc/start")).Status);
    }

    [Fact]
    public async Task A_person_who_is_refused_reads_why_on_a_page()
    {
        await using var both = await FederationServer.StartAsync();
        both.Provider.Person["email_verified"] = false;
        foreach (var (path, status, code) in new[]
        {
            ((await both.GoAsync()).Callback, 401, "AG6405"), ("/api/auth/oidc/custom_oidc/start?return_url=//evil.example", 400, "AG6408"), ("/api/auth/oidc/nobody/start", 404, "AG6401"),
        })
        {
            using var stranger = both.Server.Anonymous();
            stranger.DefaultRequestHeaders.Add("Accept", "text/html");
            await PageAsync(stranger, path, status, code);
        }

        var (browser, callback) = await both.GoAsync();
        using (browser)
        {
            browser.DefaultRequestHeaders.Add("Accept", "text/html");
            await PageAsync(browser, callback, 403, "AG6406");
        }

        static async Task PageAsync(HttpClient http, string path, int status, string code)
        {
            using var response = await http.GetAsync(path);
            var text = await response.Content.ReadAsStringAsync();
            Assert.Equal((status, "text/html", code), ((int)response.StatusCode, response.Content.Headers.ContentType!.MediaType, Security.Doors.Code(response)));
            Assert.Contains("You are not signed in", text, StringComparison.Ordinal);
            Assert.Contains(code, text, StringComparison.Ordinal);
            Assert.Contains("href=\"/sign-in\"", text, StringComparison.Ordinal);
            Assert.DoesNotContain("<script", text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Proving_oneself_anew_takes_a_provider_that_asks_and_says_when_and_the_same_person()
    {
        await using var both = await FederationServer.StartAsync();
        var (status, asked, arrived) = await ProveAsync(null);
        Assert.Equal((401, "AG6410"), (status, CodeOf(arrived)));
        Assert.Contains("prompt=login", asked, StringComparison.Ordinal);
        Assert.Contains("max_age=0", asked, StringComparison.Ordinal);

        both.Provider.Person["auth_time"] = both.Server.Time.GetUtcNow().AddMinutes(-5).ToUnixTimeSeconds();
        Assert.Equal(401, (await ProveAsync(null)).Status);
        both.Provider.Person["auth_time"] = both.Server.Time.GetUtcNow().ToUnixTimeSeconds();
        Assert.Equal(200, (await ProveAsync(null)).Status);

        // Whoever is signed in here proves that it is them, and not somebody else whom the provider knows.
        var (cookie, other) = (await CookieAsync(), await CookieAsync());
        Assert.Equal(200, await SeenAsync(cookie));
        Assert.Equal(200, (await ProveAsync(cookie)).Status);

        // The session before ends, although its cookie is not sent on the way back from the provider.
        Assert.Equal(401, await SeenAsync(cookie));
        Assert.Equal(200, await SeenAsync(other));
        (both.Provider.Person["sub"], both.Provider.Person["email"]) = ("person-9", "eve@example.org");
        (status, _, arrived) = await ProveAsync(other);
        Assert.Equal((401, "AG6410"), (status, CodeOf(arrived)));

        // Who did not ask for it is signed in as ever.
        both.Provider.Person.Remove("auth_time");
        Assert.Equal((200, null), await both.SignInAsync());

        async Task<string> CookieAsync()
        {
            var (browser, callback) = await both.GoAsync();
            using (browser)
            {
                using var came = await browser.GetAsync(callback);
                return came.Headers.GetValues("Set-Cookie").Single(one => one.StartsWith("agentgate_pages=", StringComparison.Ordinal)).Split(';')[0];
            }
        }

        async Task<int> SeenAsync(string cookie)
        {
            using var http = both.Server.Anonymous();
            http.DefaultRequestHeaders.Add("Cookie", cookie);
            using var answer = await http.GetAsync("/api/auth/me");
            return (int)answer.StatusCode;
        }

        async Task<(int Status, string Asked, System.Text.Json.JsonElement Body)> ProveAsync(string? signedIn)
        {
            using var http = both.Server.Anonymous();
            if (signedIn is not null)
            {
                http.DefaultRequestHeaders.Add("Cookie", signedIn);
            }

            using var start = await http.GetAsync("/api/auth/oidc/custom_oidc/start?step_up=true");
            http.DefaultRequestHeaders.Remove("Cookie");
            http.DefaultRequestHeaders.Add("Cookie", start.Headers.GetValues("Set-Cookie").Single().Split(';')[0]);
            using var direct = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false });
            using var back = await direct.GetAsync(start.Headers.Location);
            var (answered, body) = await GetAsync(http, back.Headers.Location!.ToString());
            return (answered, start.Headers.Location!.Query, body);
        }
    }

    [Fact]
    public async Task Keys_of_a_day_ago_are_nobodys_even_right_after_a_reading_that_failed()
    {
        await using var both = await FederationServer.StartAsync();
        using var browser = both.Server.Anonymous();
        Assert.Equal(302, (await GetAsync(browser, "/api/auth/oidc/custom_oidc/start")).Status);
        both.Provider.IsDown = true;
        both.Server.Time.Advance(TimeSpan.FromHours(23));
        Assert.Equal(302, (await GetAsync(browser, "/api/auth/oidc/custom_oidc/start")).Status);

        // It was asked a moment ago, so it is not asked again; what is known grows too old meanwhile.
        both.Server.Time.Advance(TimeSpan.FromMinutes(59) + TimeSpan.FromSeconds(58));
        Assert.Equal(302, (await GetAsync(browser, "/api/auth/oidc/custom_oidc/start")).Status);
        both.Server.Time.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal(502, (await GetAsync(browser, "/api/auth/oidc/custom_oidc/start")).Status);
    }

    [Fact]
    public async Task All_who_wait_for_a_provider_wait_for_one_reading()
    {
        await using var both = await FederationServer.StartAsync();
        var held = new TaskCompletionSource();
        both.Provider.Before = () => held.Task;
        var waiting = Enumerable.Range(0, 8).Select(async _ =>
        {
            using var http = both.Server.Anonymous();
            return (await GetAsync(http, "/api/auth/oidc/custom_oidc/start")).Status;
        }).ToArray();
        while (both.Provider.Asked == 0)
        {
            await Task.Yield();
        }

        held.SetResult();
        Assert.All(await Task.WhenAll(waiting), status => Assert.Equal(302, status));
        Assert.Equal(1, both.Provider.KeyReads);
    }

    [Fact]
    public async Task A_new_key_is_found_and_made_up_keys_are_not_looked_for_without_end()
    {
        await using var both = await FederationServer.StartAsync();
        Assert.Equal((200, null), await both.SignInAsync());
        both.Server.Time.Advance(TimeSpan.FromSeconds(10));
        both.Provider.Rotate();
        Assert.Equal((200, null), await both.SignInAsync());

        var reads = both.Provider.KeyReads;
        using var http = both.Server.Anonymous();
        for (var i = 0; i < 8; i++)
        {
            Assert.Equal(401, (await PostAsync(http, "/api/auth/exchange", new { provider_token = both.Provider.Token(keyId: "made-up-" + i) })).Status);
        }

        Assert.True(both.Provider.KeyReads - reads <= 1, $"{both.Provider.KeyReads - reads} reads");
    }

    [Fact]
    public async Task An_unknown_provider_is_not_found_and_local_mode_has_none()
    {
        await using var both = await FederationServer.StartAsync();
        using var browser = both.Server.Anonymous();
        Assert.Equal(404, (await GetAsync(browser, "/api/auth/oidc/descope/start")).Status);

        await using var local = await StartAsync();
        using var other = local.Anonymous();
        Assert.Equal(404, (await GetAsync(other, "/api/auth/oidc/custom_oidc/start")).Status);
        var (status, problem) = await PostAsync(other, "/api/auth/exchange", new { provider_token = both.Provider.Token() });
        Assert.Equal((400, "AG6408"), (status, CodeOf(problem)));
    }
}
