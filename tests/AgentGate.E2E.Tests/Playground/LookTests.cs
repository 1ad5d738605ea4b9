using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace AgentGate.E2E.Tests.Playground;

/// <summary>Both themes, kept, with pictures for people; and no page that breaks its own policy.</summary>
public sealed class LookTests(BrowserFixture fixture)
{
    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task The_page_follows_the_system_and_is_readable(ColorScheme scheme)
    {
        var theme = scheme.ToString().ToLowerInvariant();
        await using var visitor = await fixture.SignInAsync(scheme);
        await visitor.ReadyAsync();
        await visitor.ShowAsync($"playground-{theme}-empty");

        foreach (var scenario in (string[])["ssn", "sql", "benign", "burst"])
        {
            await visitor.RunAsync(scenario);
            await visitor.ShowAsync($"playground-{theme}-{scenario}");
        }

        Assert.Equal(scheme == ColorScheme.Dark, await IsDarkAsync(visitor.Page));
        Assert.Empty(visitor.Complaints());
    }

    [Fact]
    public async Task A_chosen_theme_is_kept()
    {
        await using var visitor = await fixture.SignInAsync(ColorScheme.Light);
        await visitor.ReadyAsync();

        await visitor.Page.GetByText("Dark", new() { Exact = true }).ClickAsync();
        await Expect(visitor.Page.GetByRole(AriaRole.Radio, new() { Name = "Dark" })).ToBeCheckedAsync();
        await visitor.Page.ReloadAsync();
        await visitor.ReadyAsync();

        await Expect(visitor.Page.GetByRole(AriaRole.Radio, new() { Name = "Dark" })).ToBeCheckedAsync();
        Assert.True(await IsDarkAsync(visitor.Page));
        Assert.Empty(visitor.Complaints());
    }

    [Fact]
    public async Task On_a_narrow_screen_nothing_sticks_out()
    {
        await using var visitor = await fixture.SignInAsync();
        await visitor.Page.SetViewportSizeAsync(720, 1000);
        await visitor.RunAsync("ssn");
        await visitor.ShowAsync("playground-narrow");

        Assert.True(await visitor.Page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= document.documentElement.clientWidth"));
    }

    [Theory]
    [InlineData("/playground")]
    [InlineData("/playground?scenario=ssn")]
    public async Task No_page_breaks_its_policy_and_each_answer_has_its_own_nonce(string path)
    {
        await using var visitor = await fixture.SignInAsync();

        var first = await visitor.Page.GotoAsync(path);
        await visitor.ReadyAsync();
        var second = await visitor.Page.GotoAsync(path);
        await visitor.ReadyAsync();

        var policy = first!.Headers["content-security-policy"];
        Assert.Matches("script-src 'nonce-[^']+' 'strict-dynamic'; style-src 'self' 'nonce-[^']+'; style-src-attr 'unsafe-inline';", policy);
        Assert.DoesNotContain("unsafe-eval", policy, StringComparison.Ordinal);
        Assert.Equal(1, policy.Split("unsafe-inline").Length - 1);
        Assert.NotEqual(policy, second!.Headers["content-security-policy"]);
        Assert.Empty(visitor.Complaints());
    }

    private static Task<bool> IsDarkAsync(IPage page)
        => page.EvaluateAsync<bool>(
            "(() => { const [r, g, b] = getComputedStyle(document.querySelector('.ag-header')).backgroundColor.match(/[\\d.]+/g).map(Number); return r + g + b < 300; })()");
}
