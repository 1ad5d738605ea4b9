using System.Net;
using System.Text;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace AgentGate.E2E.Tests.Identity;

/// <summary>Another site cannot lay a page of ours under its own (clickjacking), whoever is signed in.</summary>
public sealed class FramingTests(BrowserFixture fixture, TeamServer team)
{
    [Fact]
    public async Task No_page_of_ours_is_shown_within_a_page_of_another_origin()
    {
        BrowserFixture.NeedChromium();
        var server = await team.OpenAsync();
        using var foreign = ForeignSite.Start();
        await using var visitor = await fixture.NewAsync(url: server.NamedUrl);
        await visitor.SignInAtAsync("/account", TeamServer.AdminEmail);

        // The same frame shows a page that lets itself be framed: what is missing below is missing because of us.
        await visitor.Page.GotoAsync(foreign.Around(foreign.Url + "plain"));
        await Expect(visitor.Page.FrameLocator("iframe").GetByText("a page that may be framed")).ToBeVisibleAsync();

        foreach (var path in (string[])["/account", "/sign-in", "/playground", "/device", "/docs/api-reference", "/api/auth/providers"])
        {
            var refusals = new List<string>();
            void Note(object? sender, IConsoleMessage message) => refusals.Add(message.Text);
            visitor.Page.Console += Note;
            await visitor.Page.GotoAsync(foreign.Around(server.NamedUrl + path));
            await Expect(visitor.Page.Locator("h1")).ToHaveTextAsync("Another site");
            visitor.Page.Console -= Note;
            Assert.Contains(refusals, text => text.Contains("frame-ancestors", StringComparison.Ordinal) || text.Contains("X-Frame-Options", StringComparison.OrdinalIgnoreCase));
            Assert.All(visitor.Page.Frames.Where(frame => frame != visitor.Page.MainFrame), frame => Assert.StartsWith("chrome-error:", frame.Url, StringComparison.Ordinal));
        }
    }

    /// <summary>Another origin on this machine: another port, and another name.</summary>
    private sealed class ForeignSite : IDisposable
    {
        private readonly HttpListener _listener = new();

        private ForeignSite(string url) => Url = url;

        public string Url { get; }

        public static ForeignSite Start()
        {
            using var probe = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
            probe.Start();
            var site = new ForeignSite($"http://127.0.0.1:{((IPEndPoint)probe.LocalEndpoint).Port}/");
            probe.Stop();
            site._listener.Prefixes.Add(site.Url);
            site._listener.Start();
            _ = site.AnswerAsync();
            return site;
        }

        public string Around(string address) => $"{Url}frame?{Uri.EscapeDataString(address)}";

        public void Dispose() => _listener.Close();

        private async Task AnswerAsync()
        {
            try
            {
                while (true)
                {
                    var context = await _listener.GetContextAsync();
                    var uri = context.Request.Url!;
                    var text = uri.AbsolutePath == "/frame"
                        ? $"<!doctype html><title>x</title><h1>Another site</h1><iframe src=\"{WebUtility.HtmlEncode(Uri.UnescapeDataString(uri.Query[1..]))}\" width=900 height=600></iframe>"
                        : "<!doctype html><title>x</title><p>a page that may be framed</p>";
                    context.Response.ContentType = "text/html; charset=utf-8";
                    await context.Response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(text));
                    context.Response.Close();
                }
            }
            catch (Exception end) when (end is HttpListenerException or ObjectDisposedException)
            {
                // The site is closed.
            }
        }
    }
}
