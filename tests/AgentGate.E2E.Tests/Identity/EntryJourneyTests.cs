using System.Net.Http.Json;
using System.Text.Json.Nodes;
using static Microsoft.Playwright.Assertions;

namespace AgentGate.E2E.Tests.Identity;

/// <summary>What happens at the door: captcha, where one goes afterwards, devices.</summary>
public sealed class EntryJourneyTests(BrowserFixture fixture, TeamServer team)
{
    [Fact]
    public async Task A_captcha_is_solved_by_the_browser_without_a_third_party()
    {
        BrowserFixture.NeedChromium();
        var server = await team.OpenAsync();
        await using var visitor = await fixture.NewAsync(url: server.NamedUrl);
        await visitor.Page.GotoAsync("/sign-in");
        for (var tries = 1; tries <= 3; tries++)
        {
            await visitor.Page.RunAndWaitForResponseAsync(() => visitor.PasswordAsync("nobody@example.org", "wrong"), response => response.Url.EndsWith("/api/auth/login", StringComparison.Ordinal));
            await Expect(visitor.Page.Locator("#password-form [data-form-error]")).ToContainTextAsync("wrong");
        }

        // The fourth try is sent twice: without the captcha, and with the answer.
        var asked = 0;
        visitor.Page.Response += (_, response) => asked += response.Url.EndsWith("/api/auth/login", StringComparison.Ordinal) ? 1 : 0;
        await visitor.Page.RunAndWaitForResponseAsync(
            () => visitor.PasswordAsync("nobody@example.org", "wrong"), response => response.Url.EndsWith("/api/auth/login", StringComparison.Ordinal) && response.Status == 401,
            new() { Timeout = 60_000 });
        await Expect(visitor.Page.Locator("#password-form [data-form-error]")).ToContainTextAsync("The e-mail address or the password is wrong");
        Assert.Equal(2, asked);
        Assert.Empty(visitor.Complaints(expected: "status of 40"));
    }

    [Theory]
    [InlineData("/keys?state=all", "/keys?state=all")]
    [InlineData("//evil.example/", "/playground")]
    [InlineData("https://evil.example/", "/playground")]
    [InlineData("/\\evil.example/", "/playground")]
    public async Task After_signing_in_one_is_on_this_server(string asked, string reached)
    {
        BrowserFixture.NeedChromium();
        var server = await team.OpenAsync();
        await using var visitor = await fixture.NewAsync(url: server.NamedUrl);
        await visitor.Page.GotoAsync("/sign-in?return=" + Uri.EscapeDataString(asked));
        await visitor.PasswordAsync(TeamServer.AdminEmail);
        await visitor.Page.WaitForURLAsync(server.NamedUrl + reached);

        // Who is signed in is sent on by the same rule.
        await visitor.Page.GotoAsync("/sign-in?return=" + Uri.EscapeDataString(asked));
        await Expect(visitor.Page).ToHaveURLAsync(server.NamedUrl + reached);
        Assert.Empty(visitor.Complaints());
    }

    [Fact]
    public async Task A_device_signs_in_as_who_approves_it()
    {
        BrowserFixture.NeedChromium();
        var server = await team.OpenAsync();
        var email = await team.AddAsync("Annie", "developer");
        using var http = new HttpClient { BaseAddress = new Uri(server.NamedUrl) };
        var begun = await SendAsync(http, "/api/auth/device/code", new { client_id = "Toaster" });
        var page = new Uri(begun["verification_uri_complete"]!.GetValue<string>()).PathAndQuery;
        await using var visitor = await fixture.NewAsync(url: server.NamedUrl);
        await visitor.Page.GotoAsync(page);
        await visitor.PasswordAsync(email);

        // The code of the link fills the field and decides nothing.
        await Expect(visitor.Page.GetByLabel("Code the device shows")).ToHaveValueAsync(begun["user_code"]!.GetValue<string>());
        await visitor.Button("Look").ClickAsync();
        await Expect(visitor.Page.Locator("[data-found]")).ToContainTextAsync("Toaster");
        await visitor.Button("Approve").ClickAsync();
        await Expect(visitor.Page.Locator("[data-found]")).ToContainTextAsync("signed in as you");
        var token = await SendAsync(
            http, "/api/auth/device/token", new { grant_type = "urn:ietf:params:oauth:grant-type:device_code", device_code = begun["device_code"]!.GetValue<string>(), client_id = "Toaster" });
        Assert.Equal(email, token["user"]!["email"]!.GetValue<string>());
        Assert.Empty(visitor.Complaints());
    }

    private static async Task<JsonNode> SendAsync(HttpClient http, string path, object body)
    {
        using var response = await http.PostAsJsonAsync(path, body);
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, $"{path}: {(int)response.StatusCode} {text}");
        return JsonNode.Parse(text)!;
    }
}
