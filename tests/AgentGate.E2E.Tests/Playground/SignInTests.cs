using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace AgentGate.E2E.Tests.Playground;

/// <summary>The pages answer to a sign-in and to nothing else; a sign-in opens the pages and nothing else.</summary>
public sealed class SignInTests(BrowserFixture fixture)
{
    [Fact]
    public async Task The_printed_link_signs_one_browser_in_once()
    {
        BrowserFixture.NeedChromium();
        await using var first = await fixture.NewAsync();
        await using var second = await fixture.NewAsync();

        // A preview opens the link and burns nothing.
        using (var preview = new HttpClient())
        {
            Assert.Equal(HttpStatusCode.OK, (await preview.GetAsync(fixture.Server.Link)).StatusCode);
        }

        await first.Page.GotoAsync(fixture.Server.Link);
        await second.Page.GotoAsync(fixture.Server.Link);
        await first.ShowAsync("sign-in");
        await first.Page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await first.ReadyAsync();
        await second.Page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();

        await Expect(second.Page.GetByRole(AriaRole.Heading)).ToHaveTextAsync("This link is not good");
        await second.Page.GotoAsync("/playground");
        Assert.EndsWith("/setup", second.Page.Url, StringComparison.Ordinal);
        Assert.Equal(401, (await second.Page.GotoAsync(fixture.Server.Link))!.Status);
        Assert.Empty(first.Complaints());
        Assert.Empty(second.Complaints(expected: "401"));
    }

    [Theory]
    [InlineData("/playground")]
    [InlineData("/account")]
    [InlineData("/users")]
    [InlineData("/keys")]
    [InlineData("/_blazor")]
    [InlineData("/_blazor/initializers")]
    public async Task Without_a_sign_in_no_page_answers_not_even_to_a_key(string path)
    {
        BrowserFixture.NeedChromium();
        using var http = new HttpClient { BaseAddress = new Uri(fixture.Server.Url) };

        using var bare = await http.GetAsync(path);
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", fixture.Server.Key);
        using var keyed = await http.GetAsync(path);

        Assert.Equal(HttpStatusCode.Unauthorized, bare.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, keyed.StatusCode);
        Assert.Equal("AG8002", Assert.Single(bare.Headers.GetValues("x-agentgate-code")));
        Assert.DoesNotContain("_content", await bare.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_cookie_alone_changes_nothing_and_reads_nothing_for_another_place()
    {
        await using var visitor = await fixture.SignInAsync();
        var cookies = await visitor.Context.CookiesAsync();
        var cookie = Assert.Single(cookies, cookie => cookie.Name == "agentgate_pages");
        Assert.True(cookie is { HttpOnly: true, SameSite: SameSiteAttribute.Strict, Path: "/" });
        using var http = new HttpClient(new HttpClientHandler { UseCookies = false }) { BaseAddress = new Uri(fixture.Server.Url) };
        http.DefaultRequestHeaders.Add("Cookie", $"{cookie.Name}={cookie.Value}");

        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync("/playground")).StatusCode);
        using var body = new StringContent("{}", Encoding.UTF8, "application/json");
        Assert.Equal(HttpStatusCode.Forbidden, (await http.PostAsync("/v1/chat/completions", body)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await http.PostAsync("/api/sign-in-links", null)).StatusCode);
        http.DefaultRequestHeaders.Add("Origin", "http://127.0.0.1:1");
        foreach (var path in (string[])["/v1/models", "/api/traces/latest", "/api/auth/me"])
        {
            Assert.Equal(HttpStatusCode.Forbidden, (await http.GetAsync(path)).StatusCode);
        }
    }

    [Fact]
    public async Task Another_port_of_the_same_machine_is_another_place()
    {
        await using var visitor = await fixture.SignInAsync();
        var cookie = Assert.Single(await visitor.Context.CookiesAsync(), cookie => cookie.Name == "agentgate_pages");
        using var http = new HttpClient(new HttpClientHandler { UseCookies = false }) { BaseAddress = new Uri(fixture.Server.Url) };
        http.DefaultRequestHeaders.Add("Cookie", $"{cookie.Name}={cookie.Value}");
        http.DefaultRequestHeaders.Add("Origin", "http://127.0.0.1:1");

        using var hub = await http.PostAsync("/_blazor/negotiate?negotiateVersion=1", null);
        using var page = await http.GetAsync("/playground");

        Assert.Equal(HttpStatusCode.Forbidden, hub.StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, page.StatusCode);
    }

    [Fact]
    public async Task Who_signs_out_is_out_and_an_open_page_sends_nothing_more()
    {
        await using var visitor = await fixture.SignInAsync();
        await visitor.ReadyAsync();
        var other = await visitor.Context.NewPageAsync();
        await other.GotoAsync("/playground");

        await other.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();
        await Expect(other.GetByRole(AriaRole.Heading)).ToHaveTextAsync("Set up AgentGate");
        await visitor.RunAsync("benign");

        await Expect(visitor.Field("gated", "decision")).ToContainTextAsync("AG8002");
        await other.GotoAsync("/playground");
        Assert.EndsWith("/setup", other.Url, StringComparison.Ordinal);
    }
}
