using System.Net;
using System.Net.Http.Headers;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace AgentGate.E2E.Tests.Identity;

/// <summary>What a team does: sessions, keys, invitations, roles.</summary>
public sealed class TeamJourneyTests(BrowserFixture fixture, TeamServer team)
{
    [Fact]
    public async Task A_session_ended_elsewhere_is_over_at_once()
    {
        BrowserFixture.NeedChromium();
        var server = await team.OpenAsync();
        var email = await team.AddAsync("Barbara", "viewer");
        await using var laptop = await fixture.NewAsync(url: server.NamedUrl);
        await using var lost = await fixture.NewAsync(url: server.NamedUrl);
        await lost.SignInAtAsync("/account", email);
        await laptop.SignInAtAsync("/account", email);

        // The invitation signed nobody in; two browsers are there.
        await Expect(laptop.Page.Locator("[data-session]")).ToHaveCountAsync(2);
        await Expect(laptop.Page.Locator("[data-session]", new() { HasText = "this one" })).ToHaveCountAsync(1);
        await Expect(laptop.Page.Locator("#sessions")).ToContainTextAsync("127.0.0.1");
        await laptop.Page.Locator("#sessions").GetByRole(AriaRole.Button, new() { Name = "End", Exact = true }).ClickAsync();
        await Expect(laptop.Page.Locator("[data-session]")).ToHaveCountAsync(1);

        await lost.Page.GotoAsync("/account");
        await Expect(lost.Heading("Sign in")).ToBeVisibleAsync();
        Assert.EndsWith("/sign-in?return=%2Faccount", lost.Page.Url, StringComparison.Ordinal);
        Assert.Empty(laptop.Complaints());
        Assert.Empty(lost.Complaints());
    }

    [Fact]
    public async Task A_key_opens_the_door_until_it_is_revoked()
    {
        BrowserFixture.NeedChromium();
        var server = await team.OpenAsync();
        var email = await team.AddAsync("Katherine", "developer");
        await using var visitor = await fixture.NewAsync(url: server.NamedUrl);
        await visitor.SignInAtAsync("/keys", email);

        await visitor.Button("New key").ClickAsync();
        await visitor.Page.GetByLabel("Name", new() { Exact = true }).FillAsync("Night batch");
        await visitor.Button("Make key").ClickAsync();
        var key = await visitor.Page.Locator("[data-secret]").TextContentAsync();
        await visitor.Button("I have kept it").ClickAsync();
        await Expect(visitor.Page.Locator("#keys tbody tr")).ToContainTextAsync("Night batch");
        Assert.DoesNotContain(key!, await visitor.Page.ContentAsync(), StringComparison.Ordinal);
        using var http = new HttpClient { BaseAddress = new Uri(server.Url) };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync("/v1/models")).StatusCode);
        await visitor.Page.ReloadAsync();

        await visitor.Button("Revoke Night batch").ClickAsync();
        await visitor.Button("Revoke").ClickAsync();
        await Expect(visitor.Page.Locator("#keys")).ToContainTextAsync("No key fits");
        await visitor.Page.GotoAsync("/keys?state=revoked");
        await Expect(visitor.Page.Locator("#keys tbody tr")).ToContainTextAsync("revoked");
        Assert.Equal(HttpStatusCode.Unauthorized, (await http.GetAsync("/v1/models")).StatusCode);
        Assert.Empty(visitor.Complaints());
    }

    [Fact]
    public async Task Who_is_invited_joins_and_sees_what_the_role_may_and_no_more()
    {
        BrowserFixture.NeedChromium();
        var server = await team.OpenAsync();
        await using var admin = await fixture.NewAsync(url: server.NamedUrl);
        await admin.SignInAtAsync("/users", TeamServer.AdminEmail);
        await admin.Button("Invite").ClickAsync();
        await admin.Page.GetByLabel("E-mail", new() { Exact = true }).FillAsync("mary@example.org");
        await admin.Page.GetByRole(AriaRole.Dialog).GetByLabel("Role").SelectOptionAsync("viewer");
        await admin.Button("Make invitation").ClickAsync();
        var link = await admin.Page.Locator("[data-secret]").TextContentAsync();
        await admin.Button("I have passed it on").ClickAsync();
        await Expect(admin.Page.Locator("#invitations")).ToContainTextAsync("mary@example.org");

        await using var mary = await fixture.NewAsync(url: server.NamedUrl);
        await mary.Page.GotoAsync(link!);
        await mary.Page.GetByLabel("E-mail").FillAsync("mary@example.org");
        await mary.Page.GetByLabel("Your name").FillAsync("Mary Jackson");
        await mary.Page.GetByLabel("Password", new() { Exact = true }).FillAsync("seven quiet clouds at noon");
        Assert.DoesNotContain("invitation", mary.Page.Url, StringComparison.Ordinal);
        await mary.Button("Join").ClickAsync();
        await mary.Page.WaitForURLAsync("**/playground");
        await Expect(mary.Page.GetByRole(AriaRole.Navigation, new() { Name = "Pages" }).GetByRole(AriaRole.Link, new() { Name = "Keys" })).ToHaveCountAsync(0);
        await mary.Page.GotoAsync("/keys");
        await Expect(mary.Page.Locator("main")).ToContainTextAsync("Your role may not have keys");
        await mary.Page.GotoAsync("/users");
        await Expect(mary.Page.Locator("#users tbody tr", new() { HasText = "mary@example.org" })).ToBeVisibleAsync();
        await Expect(mary.Button("Invite")).ToHaveCountAsync(0);
        await Expect(mary.Page.Locator("#users tbody button")).ToHaveCountAsync(0);

        await ChangeAsync(admin, mary);
        Assert.Empty(admin.Complaints());
        Assert.Empty(mary.Complaints(expected: "status of 401"));
    }

    /// <summary>A new role ends the sessions; a deactivation keeps out.</summary>
    private static async Task ChangeAsync(Visitor admin, Visitor mary)
    {
        await admin.Page.GotoAsync("/users?search=mary");
        await admin.Button("Change Mary Jackson").ClickAsync();
        await admin.Page.GetByRole(AriaRole.Dialog).GetByLabel("Role").SelectOptionAsync("developer");
        await admin.Button("Save").ClickAsync();
        await Expect(admin.Page.Locator("#users tbody tr")).ToContainTextAsync("Developer");
        await mary.Page.GotoAsync("/keys");
        await mary.PasswordAsync("mary@example.org", "seven quiet clouds at noon");
        await Expect(mary.Button("New key")).ToBeVisibleAsync();

        await admin.Button("Change Mary Jackson").ClickAsync();
        await admin.Button("Deactivate").ClickAsync();
        await admin.Button("Deactivate").ClickAsync();
        await Expect(admin.Page.Locator("#users tbody tr")).ToContainTextAsync("deactivated");
        await mary.Page.ReloadAsync();
        await Expect(mary.Heading("Sign in")).ToBeVisibleAsync();
    }
}
