using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace AgentGate.E2E.Tests.Identity;

/// <summary>The dialog in which one proves oneself again, against the server's own step-up.</summary>
public sealed class StepUpJourneyTests(BrowserFixture fixture, TeamServer team)
{
    [Fact]
    public async Task Who_mistypes_the_password_solves_a_captcha_in_the_dialog_and_goes_on()
    {
        BrowserFixture.NeedChromium();
        var server = await team.OpenAsync();
        var email = await team.AddAsync("Margaret", "developer");
        await using var visitor = await fixture.NewAsync(url: server.NamedUrl);
        await visitor.SignInAtAsync("/account", email);

        // Ten minutes pass: the server's answer to who signed in before them, once.
        await visitor.Page.RouteAsync(
            "**/api/auth/enable-2fa",
            route => route.FulfillAsync(new()
            {
                Status = 401,
                ContentType = "application/problem+json",
                Headers = new Dictionary<string, string> { ["WWW-Authenticate"] = "Bearer realm=\"agentgate\", error=\"insufficient_user_authentication\"" },
                Body = """{"code":"AG6007","detail":"Prove yourself again."}""",
            }),
            new() { Times = 1 });
        await visitor.Page.Locator("#authenticator").GetByRole(AriaRole.Button, new() { Name = "Set up" }).ClickAsync();
        await Expect(visitor.Heading("Prove that it is you")).ToBeVisibleAsync();
        var password = visitor.Page.Locator("[data-step-up]").GetByLabel("Password", new() { Exact = true });
        for (var tries = 0; tries < 3; tries++)
        {
            await password.FillAsync("wrong wrong wrong");
            await visitor.Page.RunAndWaitForResponseAsync(() => password.PressAsync("Enter"), response => response.Url.EndsWith("/api/auth/step-up", StringComparison.Ordinal));
            await Expect(visitor.Page.Locator("[data-step-up]")).ToContainTextAsync("The password is wrong");
        }

        // The server asks for a captcha now; the browser solves it, and sends the password again with the answer.
        var asked = 0;
        visitor.Page.Response += (_, response) => asked += response.Url.EndsWith("/api/auth/step-up", StringComparison.Ordinal) ? 1 : 0;
        await password.FillAsync(TeamServer.AdminPassword);
        await password.PressAsync("Enter");
        await Expect(visitor.Heading("Set up an authenticator app")).ToBeVisibleAsync(new() { Timeout = 60_000 });
        Assert.Equal(2, asked);
        Assert.Empty(visitor.Complaints(expected: "status of 40"));
    }
}
