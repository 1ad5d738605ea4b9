using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace AgentGate.E2E.Tests.Identity;

/// <summary>Each page in both themes and two widths: pictures for people, and what a machine can say about whether they can be used.</summary>
public sealed class LookTests(BrowserFixture fixture, TeamServer team)
{
    /// <summary>Fields without a name, images without a text, buttons without a word, ids given twice.</summary>
    private const string Nameless =
        """
        () => {
          const seen = (e) => e.checkVisibility({ visibilityProperty: true });
          const name = (e) => (e.getAttribute('aria-label') ?? '') + [...(e.labels ?? [])].map((l) => l.textContent).join('')
            + (e.getAttribute('aria-labelledby') ?? '').split(' ').map((id) => document.getElementById(id)?.textContent ?? '').join('');
          const faults = [];
          for (const e of document.querySelectorAll('input:not([type=hidden]), select, textarea')) if (seen(e) && !name(e).trim()) faults.push(`field ${e.name || e.id}`);
          for (const e of document.querySelectorAll('button, a[href]')) if (seen(e) && !(e.textContent + name(e)).trim()) faults.push(`${e.tagName} ${e.className}`);
          for (const e of document.querySelectorAll('img, canvas')) if (seen(e) && !(e.alt ?? '') && !name(e)) faults.push(`image ${e.className}`);
          for (const e of document.querySelectorAll('[aria-describedby]')) for (const id of e.getAttribute('aria-describedby').split(' ')) if (!document.getElementById(id)) faults.push(`no #${id}`);
          const ids = [...document.querySelectorAll('[id]')].map((e) => e.id);
          for (const id of new Set(ids.filter((id, at) => ids.indexOf(id) !== at))) faults.push(`#${id} twice`);
          if (document.querySelectorAll('h1').length !== 1) faults.push('not one h1');
          if (!document.querySelector('main')) faults.push('no main');
          if (!document.documentElement.lang) faults.push('no language');
          return faults;
        }
        """;

    /// <summary>Texts whose contrast with what is behind them is below 4.5 (WCAG 2.2, 1.4.3).</summary>
    private const string Faint =
        """
        () => {
          const parts = (c) => { const m = c.match(/[\d.]+/g).map(Number); return [m[0], m[1], m[2], m[3] ?? 1]; };
          const over = (top, under) => [0, 1, 2].map((i) => top[i] * top[3] + under[i] * (1 - top[3])).concat(1);
          const light = (c) => { const [r, g, b] = c.slice(0, 3).map((v) => { v /= 255; return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4; }); return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
          const behind = (e) => { const stack = []; for (let at = e; at; at = at.parentElement) stack.unshift(parts(getComputedStyle(at).backgroundColor)); return stack.reduce((under, top) => over(top, under), [255, 255, 255, 1]); };
          const faults = [];
          const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
          for (let node; (node = walk.nextNode());) {
            const e = node.parentElement;
            if (!node.textContent.trim() || !e.checkVisibility({ visibilityProperty: true }) || e.closest('.ag-hidden, .ag-skip, [disabled], script, style, option')) continue;
            const ground = behind(e);
            const ink = over(parts(getComputedStyle(e).color), ground);
            const [a, b] = [light(ink), light(ground)].sort((x, y) => y - x);
            const ratio = (a + 0.05) / (b + 0.05);
            if (ratio < 4.5) faults.push(`${ratio.toFixed(2)} ${node.textContent.trim().slice(0, 40)} (${e.className || e.tagName})`);
          }
          return faults;
        }
        """;

    [Theory]
    [InlineData(ColorScheme.Light, 1280, 800)]
    [InlineData(ColorScheme.Dark, 1280, 800)]
    [InlineData(ColorScheme.Light, 390, 844)]
    [InlineData(ColorScheme.Dark, 390, 844)]
    public async Task Each_page_is_readable_named_and_fits(ColorScheme scheme, int width, int height)
    {
        BrowserFixture.NeedChromium();
        var server = await team.OpenAsync();
        var look = $"{scheme.ToString().ToLowerInvariant()}-{width}";
        await using var visitor = await fixture.NewAsync(scheme, server.NamedUrl, width, height);
        await visitor.Page.GotoAsync("/sign-in");
        await Expect(visitor.Button("Sign in")).ToBeVisibleAsync();
        await LookAsync(visitor, $"sign-in-{look}");
        await visitor.Button("Sign in").ClickAsync();
        await Expect(visitor.Page.Locator("#email-error")).Not.ToBeEmptyAsync();
        await LookAsync(visitor, $"sign-in-faults-{look}");
        await visitor.Page.GotoAsync("/register#invitation=none");
        await LookAsync(visitor, $"register-{look}");

        await visitor.SignInAtAsync("/account", TeamServer.AdminEmail);
        await Expect(visitor.Page.Locator("[aria-busy=true]")).ToHaveCountAsync(0);
        await LookAsync(visitor, $"account-{look}");
        await visitor.Button("Set up").ClickAsync();
        await Expect(visitor.Page.Locator("canvas.ag-qr")).ToBeVisibleAsync();
        await LookAsync(visitor, $"account-authenticator-{look}");
        await visitor.Button("Cancel").ClickAsync();

        await visitor.Page.GotoAsync("/keys");
        await Expect(visitor.Page.Locator("[aria-busy=true]")).ToHaveCountAsync(0);
        await visitor.Button("New key").ClickAsync();
        await visitor.Page.GetByLabel("Name", new() { Exact = true }).FillAsync($"Batch {look}");
        await LookAsync(visitor, $"keys-new-{look}");
        await visitor.Button("Make key").ClickAsync();
        await LookAsync(visitor, $"keys-once-{look}");
        await visitor.Button("I have kept it").ClickAsync();
        await Expect(visitor.Page.Locator("#keys tbody")).ToContainTextAsync($"Batch {look}");
        await LookAsync(visitor, $"keys-{look}");

        await visitor.Page.GotoAsync("/users");
        await Expect(visitor.Page.Locator("#users tbody")).ToContainTextAsync("Ada Lovelace");
        await LookAsync(visitor, $"users-{look}");
        await visitor.Button("Invite").ClickAsync();
        await LookAsync(visitor, $"users-invite-{look}");
        await visitor.Page.GotoAsync("/roles?all=true");
        await LookAsync(visitor, $"roles-{look}");
        Assert.Empty(visitor.Complaints());
    }

    [Fact]
    public async Task The_setup_is_readable_named_and_fits()
    {
        BrowserFixture.NeedChromium();
        await using var server = await ServerProcess.StartAsync(TeamServer.Wide);
        foreach (var (scheme, width) in new[] { (ColorScheme.Light, 1280), (ColorScheme.Dark, 390) })
        {
            await using var visitor = await fixture.NewAsync(scheme, server.NamedUrl, width, 800);
            await visitor.Page.GotoAsync("/setup");
            await visitor.Page.GetByLabel("Password", new() { Exact = true }).FillAsync("aaaaaaa");
            await LookAsync(visitor, $"setup-{scheme.ToString().ToLowerInvariant()}-{width}");
            Assert.Empty(visitor.Complaints());
        }
    }

    [Fact]
    public async Task A_keyboard_is_enough_and_shows_where_it_is()
    {
        BrowserFixture.NeedChromium();
        var server = await team.OpenAsync();
        await using var visitor = await fixture.NewAsync(url: server.NamedUrl);
        await visitor.Page.GotoAsync("/sign-in");
        await Expect(visitor.Page.GetByLabel("E-mail")).ToBeFocusedAsync();

        // In the order of the page: address, password, button, passkey.
        await visitor.Page.Keyboard.TypeAsync("ada@example.org");
        await visitor.Page.Keyboard.PressAsync("Tab");
        await Expect(visitor.Page.GetByLabel("Password", new() { Exact = true })).ToBeFocusedAsync();
        await visitor.Page.Keyboard.PressAsync("Tab");
        await Expect(visitor.Button("Sign in")).ToBeFocusedAsync();
        Assert.NotEqual("none", await visitor.Page.EvaluateAsync<string>("getComputedStyle(document.activeElement).outlineStyle"));
        await visitor.Page.Keyboard.PressAsync("Tab");
        await Expect(visitor.Button("Sign in with a passkey")).ToBeFocusedAsync();

        await visitor.Page.Keyboard.PressAsync("Shift+Tab");
        await visitor.Page.Keyboard.PressAsync("Shift+Tab");
        await visitor.Page.Keyboard.TypeAsync(TeamServer.AdminPassword);
        await visitor.Page.Keyboard.PressAsync("Enter");
        await visitor.Page.WaitForURLAsync("**/playground");

        // A dialog keeps the focus and gives it back.
        await visitor.Page.GotoAsync("/keys");
        await visitor.Button("New key").FocusAsync();
        await visitor.Page.Keyboard.PressAsync("Enter");
        await Expect(visitor.Page.GetByLabel("Name", new() { Exact = true })).ToBeFocusedAsync();
        await visitor.Page.Keyboard.PressAsync("Escape");
        await Expect(visitor.Page.GetByRole(AriaRole.Dialog)).ToHaveCountAsync(0);
        await Expect(visitor.Button("New key")).ToBeFocusedAsync();
        Assert.Empty(visitor.Complaints());
    }

    [Fact]
    public async Task A_theme_chosen_on_one_page_holds_on_all()
    {
        BrowserFixture.NeedChromium();
        var server = await team.OpenAsync();
        await using var visitor = await fixture.NewAsync(ColorScheme.Light, server.NamedUrl);
        await visitor.SignInAtAsync("/account", TeamServer.AdminEmail);
        await visitor.Page.GetByText("Dark", new() { Exact = true }).ClickAsync();
        Assert.True(await IsDarkAsync(visitor.Page));

        await visitor.Page.GotoAsync("/playground");
        await visitor.ReadyAsync();
        Assert.True(await IsDarkAsync(visitor.Page));
        await visitor.Page.GetByText("Light", new() { Exact = true }).ClickAsync();
        await visitor.Page.GotoAsync("/users");
        Assert.False(await IsDarkAsync(visitor.Page));
        Assert.Empty(visitor.Complaints());
    }

    private static async Task LookAsync(Visitor visitor, string name)
    {
        await visitor.ShowAsync(name);
        Assert.Empty(await visitor.Page.EvaluateAsync<string[]>(Nameless));
        Assert.Empty(await visitor.Page.EvaluateAsync<string[]>(Faint));
        Assert.True(
            await visitor.Page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), $"{name}: something sticks out.");
    }

    private static Task<bool> IsDarkAsync(IPage page)
        => page.EvaluateAsync<bool>(
            "(() => { const [r, g, b] = getComputedStyle(document.querySelector('.ag-header')).backgroundColor.match(/[\\d.]+/g).map(Number); return r + g + b < 300; })()");
}
