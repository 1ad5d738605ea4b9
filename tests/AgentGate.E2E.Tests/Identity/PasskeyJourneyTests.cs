using static Microsoft.Playwright.Assertions;

namespace AgentGate.E2E.Tests.Identity;

/// <summary>A passkey of a virtual authenticator: registered, used without typing anything, renamed, deleted.</summary>
public sealed class PasskeyJourneyTests(BrowserFixture fixture, TeamServer team)
{
    [Fact]
    public async Task A_passkey_signs_its_owner_in_without_an_address_and_a_deleted_one_nobody()
    {
        BrowserFixture.NeedChromium();
        var server = await team.OpenAsync();
        var email = await team.AddAsync("Radia", "developer");
        await using var visitor = await fixture.NewAsync(url: server.NamedUrl);
        var cdp = await visitor.Context.NewCDPSessionAsync(visitor.Page);
        await cdp.SendAsync("WebAuthn.enable");
        await cdp.SendAsync("WebAuthn.addVirtualAuthenticator", new()
        {
            ["options"] = new Dictionary<string, object>
            {
                ["protocol"] = "ctap2", ["transport"] = "internal", ["hasResidentKey"] = true, ["hasUserVerification"] = true, ["isUserVerified"] = true,
                ["automaticPresenceSimulation"] = true,
            },
        });

        // A virtual authenticator answers at once what waits in the address field: here the button is to sign in.
        await visitor.Page.AddInitScriptAsync("if (window.PublicKeyCredential) PublicKeyCredential.isConditionalMediationAvailable = async () => false;");

        await visitor.SignInAtAsync("/account", email);
        await visitor.Button("Add a passkey").ClickAsync();
        await visitor.Page.GetByLabel("Name", new() { Exact = true }).FillAsync("Laptop");
        await visitor.Button("Save").ClickAsync();
        await Expect(visitor.Page.Locator("#passkeys .ag-list li")).ToHaveCountAsync(1);
        await visitor.Button("Rename Laptop").ClickAsync();
        await visitor.Page.GetByLabel("Name", new() { Exact = true }).FillAsync("Travel laptop");
        await visitor.Button("Save").ClickAsync();
        await Expect(visitor.Page.Locator("#passkeys .ag-list li")).ToContainTextAsync("Travel laptop");

        await visitor.SignOutAsync();
        await visitor.Button("Sign in with a passkey").ClickAsync();
        await visitor.Page.WaitForURLAsync("**/playground");
        await visitor.Page.GotoAsync("/account");
        await Expect(visitor.Page.Locator("[data-who]")).ToContainTextAsync("A3");

        await visitor.Button("Delete Travel laptop").ClickAsync();
        await visitor.Button("Delete").ClickAsync();
        await Expect(visitor.Page.Locator("#passkeys")).ToContainTextAsync("None yet");
        await visitor.SignOutAsync();
        await visitor.Button("Sign in with a passkey").ClickAsync();
        await Expect(visitor.Page.Locator("[data-page-error]")).ToContainTextAsync("not known here");
        Assert.Empty(visitor.Complaints(expected: "status of 401"));
    }
}
