using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using AgentGate.E2E.Tests;
using Microsoft.Playwright;

[assembly: AssemblyFixture(typeof(BrowserFixture))]
[assembly: Xunit.v3.Parallelization(MaxThreads = 2)]

namespace AgentGate.E2E.Tests;

/// <summary>One server and one Chromium for all journeys. Without Chromium they skip, and fail under <c>CI=true</c>.</summary>
public sealed class BrowserFixture : IAsyncLifetime
{
    private static readonly string[] s_places = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

    private IPlaywright? _playwright;
    private IBrowser? _browser;
    private ServerProcess? _server;

    /// <summary>Where Chromium is: AGENTGATE_CHROMIUM, or where Debian puts it.</summary>
    private static string? Chromium { get; } =
        Environment.GetEnvironmentVariable("AGENTGATE_CHROMIUM") is { Length: > 0 } named ? named : s_places.FirstOrDefault(File.Exists);

    internal ServerProcess Server => _server!;

    internal IBrowser Browser => _browser!;

    public async ValueTask InitializeAsync()
    {
        if (Chromium is null)
        {
            return;
        }

        Assertions.SetDefaultExpectTimeout(45_000);
        _server = await ServerProcess.StartAsync();
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = Chromium,
            // Chromium refuses its sandbox to root.
            Args = Environment.IsPrivilegedProcess ? ["--no-sandbox"] : [],
        });
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        _playwright?.Dispose();
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }

    /// <summary>Skips the test where there is no browser.</summary>
    internal static void NeedChromium()
    {
        if (Chromium is null)
        {
            Assert.SkipUnless(Environment.GetEnvironmentVariable("CI") == "true", "Chromium is missing: install chromium, or name it in AGENTGATE_CHROMIUM.");
            Assert.Fail("Chromium is missing, and under CI=true it must be there.");
        }
    }

    /// <summary>A new sign-in link, as the holder of the demo key gets one.</summary>
    internal async Task<string> LinkAsync()
    {
        using var http = new HttpClient();
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Server.Key);
        using var response = await http.PostAsync(Server.Url + "/api/sign-in-links", null);
        response.EnsureSuccessStatusCode();
        return JsonNode.Parse(await response.Content.ReadAsStringAsync())!["link"]!.GetValue<string>();
    }

    /// <summary>A browser of its own that is signed in, and what its console said.</summary>
    internal async Task<Visitor> SignInAsync(ColorScheme scheme = ColorScheme.Light)
    {
        NeedChromium();
        var visitor = await NewAsync(scheme);
        await visitor.Page.GotoAsync(await LinkAsync());
        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await visitor.ReadyAsync();
        return visitor;
    }

    /// <summary>A browser of its own that is not signed in.</summary>
    internal async Task<Visitor> NewAsync(ColorScheme scheme = ColorScheme.Light, string? url = null, int width = 1440, int height = 900)
    {
        NeedChromium();
        var context = await Browser.NewContextAsync(new()
        {
            BaseURL = url ?? Server.Url,
            ColorScheme = scheme,
            ReducedMotion = ReducedMotion.Reduce,
            ViewportSize = new() { Width = width, Height = height },
        });
        context.SetDefaultTimeout(60_000);
        return new Visitor(context, await context.NewPageAsync());
    }
}
