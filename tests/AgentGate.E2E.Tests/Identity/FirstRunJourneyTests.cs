using System.Net;
using System.Net.Http.Headers;
using static Microsoft.Playwright.Assertions;

namespace AgentGate.E2E.Tests.Identity;

/// <summary>From an empty server to a person with a second factor, in a browser.</summary>
public sealed class FirstRunJourneyTests(BrowserFixture fixture)
{
    private const string Email = "grace@example.org";
    private const string Password = "nine slow rivers and a boat";

    [Fact]
    public async Task The_first_person_sets_up_enables_an_authenticator_and_signs_in_with_it_and_with_a_backup_code()
    {
        BrowserFixture.NeedChromium();
        await using var server = await ServerProcess.StartAsync(TeamServer.Wide);
        await using var visitor = await fixture.NewAsync(url: server.NamedUrl);

        await SetUpAsync(visitor, server);
        var (secret, codes) = await EnrolAsync(visitor);
        await visitor.SignOutAsync();

        // The step that turned it on counts no more; the next one does.
        await visitor.PasswordAsync(Email, Password);
        await visitor.CodeAsync(Steps.CodeOf(secret, step: 1));
        await visitor.ReadyAsync();
        await visitor.SignOutAsync();

        await BackupCodeAsync(visitor, codes[3]);
        await visitor.ReadyAsync();
        await visitor.Page.GotoAsync("/account");
        await Expect(visitor.Page.Locator("#authenticator")).ToContainTextAsync("9 of 10 backup codes left");
        await visitor.SignOutAsync();

        await BackupCodeAsync(visitor, codes[3]);
        await Expect(visitor.Page.Locator("#backup_code-error")).ToContainTextAsync("used before");
        await Expect(visitor.Page.GetByLabel("Backup code", new() { Exact = true })).ToHaveAttributeAsync("aria-invalid", "true");
        Assert.Empty(visitor.Complaints(expected: "status of 401"));
    }

    [Fact]
    public async Task While_there_is_no_user_every_page_leads_to_the_setup_and_afterwards_the_setup_leads_away()
    {
        BrowserFixture.NeedChromium();
        await using var server = await ServerProcess.StartAsync(TeamServer.Wide);
        await using var visitor = await fixture.NewAsync(url: server.NamedUrl);

        foreach (var path in (string[])["/", "/playground", "/users", "/keys", "/account", "/sign-in"])
        {
            await visitor.Page.GotoAsync(path);
            Assert.Equal(server.NamedUrl + "/setup", visitor.Page.Url);
        }

        await SetUpAsync(visitor, server);
        await visitor.SignOutAsync();
        await visitor.Page.GotoAsync("/setup");
        await Expect(visitor.Heading("Sign in")).ToBeVisibleAsync();
        Assert.Empty(visitor.Complaints());
    }

    private static async Task SetUpAsync(Visitor visitor, ServerProcess server)
    {
        await visitor.Page.GotoAsync("/users");
        await Expect(visitor.Heading("Set up AgentGate")).ToBeVisibleAsync();
        await visitor.Page.GetByLabel("Your name").FillAsync("Grace Hopper");
        await visitor.Page.GetByLabel("E-mail").FillAsync(Email);
        await visitor.Page.GetByLabel("Password", new() { Exact = true }).FillAsync("short");
        await Expect(visitor.Page.Locator("[data-rule=length]")).ToHaveAttributeAsync("data-met", "false");
        await visitor.Button("Make the first user").ClickAsync();
        await Expect(visitor.Page.Locator("#password-error")).Not.ToBeEmptyAsync();
        await visitor.Page.GetByLabel("Password", new() { Exact = true }).FillAsync(Password);
        await Expect(visitor.Page.Locator("[data-rule][data-met=true]")).ToHaveCountAsync(3);
        await visitor.Button("Make the first user").ClickAsync();

        // The key is shown once, and works.
        var key = await visitor.Page.Locator("[data-secret]").TextContentAsync();
        using var http = new HttpClient { BaseAddress = new Uri(server.Url) };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync("/v1/models")).StatusCode);
        await visitor.Page.GetByRole(Microsoft.Playwright.AriaRole.Link, new() { Name = "Go on" }).ClickAsync();
        await visitor.ReadyAsync();
        await Expect(visitor.Page.Locator(".ag-who")).ToContainTextAsync("Grace Hopper");
    }

    private static async Task<(string Secret, IReadOnlyList<string> Codes)> EnrolAsync(Visitor visitor)
    {
        await visitor.Page.GotoAsync("/account");
        await visitor.Button("Set up").ClickAsync();
        var secret = (await visitor.Page.Locator("[data-secret]").TextContentAsync())!.Replace(" ", "", StringComparison.Ordinal);
        Assert.True(await visitor.Page.Locator("canvas.ag-qr").EvaluateAsync<int>("canvas => canvas.width") > 20);
        await visitor.Page.GetByLabel("Code the app shows").FillAsync(Steps.CodeOf(secret));
        await visitor.Button("Turn on").ClickAsync();
        await Expect(visitor.Page.Locator("[data-backup-codes] li")).ToHaveCountAsync(10);
        var codes = await visitor.Page.Locator("[data-backup-codes] li").AllTextContentsAsync();
        Assert.Equal(10, codes.Distinct().Count());
        await visitor.Button("I have kept them").ClickAsync();
        await Expect(visitor.Page.Locator("#authenticator")).ToContainTextAsync("10 of 10 backup codes left");
        return (secret, codes);
    }

    private static async Task BackupCodeAsync(Visitor visitor, string code)
    {
        await visitor.PasswordAsync(Email, Password);
        await visitor.Button("Use a backup code").ClickAsync();
        await visitor.Page.GetByLabel("Backup code", new() { Exact = true }).FillAsync(code.ToLowerInvariant());
        await visitor.Page.Keyboard.PressAsync("Enter");
    }
}
