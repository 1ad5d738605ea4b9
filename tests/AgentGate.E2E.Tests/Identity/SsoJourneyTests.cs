using AgentGate.Integration.Tests.Identity;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace AgentGate.E2E.Tests.Identity;

/// <summary>Signing in through a provider, with a browser that goes to it and comes back.</summary>
public sealed class SsoJourneyTests(BrowserFixture fixture)
{
    [Fact]
    public async Task A_browser_goes_to_the_provider_comes_back_signed_in_and_is_told_why_where_it_is_not()
    {
        BrowserFixture.NeedChromium();
        await using var provider = await OidcDouble.StartAsync(TimeProvider.System);
        provider.Person["sub"] = "grace-1";
        provider.Person["email"] = "grace@example.org";
        provider.Person["name"] = "Grace Hopper";
        await using var server = await ServerProcess.StartAsync(
        [
            .. TeamServer.Wide,
            ("AgentGate__Federation__Mode", "hybrid_migration"),
            ("AgentGate__Federation__CustomOidc__Issuer", provider.Issuer),
            ("AgentGate__Federation__CustomOidc__ClientId", OidcDouble.ClientId),
            ("AgentGate__Federation__CustomOidc__ClientSecret", OidcDouble.ClientSecret),
        ]);
        await TeamServer.SetUpAsync(server);
        await using var visitor = await fixture.NewAsync(url: server.NamedUrl);

        await visitor.Page.GotoAsync("/account");
        await visitor.Page.GetByRole(AriaRole.Link, new() { Name = "Sign in with custom_oidc" }).ClickAsync();
        await visitor.Page.WaitForURLAsync("**/account");
        await Expect(visitor.Page.Locator("[data-who]")).ToContainTextAsync("grace@example.org");

        // The cookie is of this server alone, and no script reads it.
        var cookie = (await visitor.Context.CookiesAsync()).Single(one => one.Name == "agentgate_pages");
        Assert.Equal((true, SameSiteAttribute.Strict), (cookie.HttpOnly, cookie.SameSite));

        // The provider did not say when it asked: that is no proof of now, and the way to one leads through the provider.
        var setUp = visitor.Page.Locator("#authenticator").GetByRole(AriaRole.Button, new() { Name = "Set up" });
        await setUp.ClickAsync();
        await Expect(visitor.Heading("Prove that it is you")).ToBeVisibleAsync();
        provider.Person["auth_time"] = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        await visitor.Page.GetByRole(AriaRole.Link, new() { Name = "Prove it at custom_oidc" }).ClickAsync();
        await Expect(visitor.Heading("Prove that it is you")).ToHaveCountAsync(0);
        await Expect(visitor.Page.Locator("[data-who]")).ToContainTextAsync("grace@example.org");
        await setUp.ClickAsync();
        await Expect(visitor.Heading("Set up an authenticator app")).ToBeVisibleAsync();
        await visitor.Button("Cancel").ClickAsync();
        await visitor.SignOutAsync();

        // Somebody for whom the provider does not vouch, and somebody who turned back.
        provider.Person["sub"] = "mallory-1";
        provider.Person["email_verified"] = false;
        await visitor.Page.GetByRole(AriaRole.Link, new() { Name = "Sign in with custom_oidc" }).ClickAsync();
        await Expect(visitor.Heading("You are not signed in")).ToBeVisibleAsync();
        await Expect(visitor.Page.Locator("main")).ToContainTextAsync("AG6406");
        await Expect(visitor.Page.Locator("main")).ToContainTextAsync("does not vouch");
        await visitor.ShowAsync("sso-refused");
        await visitor.Page.GetByRole(AriaRole.Link, new() { Name = "Back to the sign-in" }).ClickAsync();
        await Expect(visitor.Heading("Sign in")).ToBeVisibleAsync();
        await visitor.Page.GotoAsync("/api/auth/oidc/custom_oidc/callback?error=access_denied&state=x");
        await Expect(visitor.Page.Locator("main")).ToContainTextAsync("AG6405");
        Assert.Empty(visitor.Complaints(expected: "status of 40"));
    }
}
