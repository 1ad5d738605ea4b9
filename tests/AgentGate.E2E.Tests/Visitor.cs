using System.Collections.Concurrent;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace AgentGate.E2E.Tests;

/// <summary>A person in front of a browser. A page that complains, about its policy or anything else, fails the test at the end.</summary>
internal sealed class Visitor : IAsyncDisposable
{
    private readonly ConcurrentQueue<string> _complaints = new();

    public Visitor(IBrowserContext context, IPage page)
    {
        (Context, Page) = (context, page);
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
            {
                _complaints.Enqueue($"{message.Type}: {message.Text}");
            }
        };
        page.PageError += (_, error) => _complaints.Enqueue("error: " + error);
    }

    public IBrowserContext Context { get; }

    public IPage Page { get; }

    /// <summary>What the console said, without what the test expects.</summary>
    public IReadOnlyList<string> Complaints(string? expected = null)
        => [.. _complaints.Where(complaint => expected is null || !complaint.Contains(expected, StringComparison.Ordinal))];

    /// <summary>A column of the result.</summary>
    public ILocator Column(string id) => Page.Locator($"#{id}");

    public ILocator Field(string column, string field) => Page.Locator($"#{column} [data-field={field}]").First;

    /// <summary>Waits until the page answers.</summary>
    public Task ReadyAsync() => Expect(Page.GetByLabel("Message", new() { Exact = true })).ToBeEnabledAsync(new() { Timeout = 20_000 });

    /// <summary>Clicks a scenario and waits until both calls are done.</summary>
    public async Task RunAsync(string scenario)
    {
        await ReadyAsync();
        await Page.Locator($"[data-scenario={scenario}]").ClickAsync();
        await Expect(Page.Locator($"[data-scenario={scenario}]")).ToHaveAttributeAsync("aria-current", "true");
        await DoneAsync();
    }

    public async Task DoneAsync()
    {
        await Expect(Column("gated")).ToHaveAttributeAsync("data-done", "true", new() { Timeout = 20_000 });
        await Expect(Column("open")).ToHaveAttributeAsync("data-done", "true", new() { Timeout = 20_000 });
        await Expect(Page.Locator("[data-scenario=ssn]")).ToBeEnabledAsync();
    }

    /// <summary>Keeps a picture for people to look at.</summary>
    public async Task ShowAsync(string name)
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "AgentGate.slnx")))
        {
            folder = Path.GetDirectoryName(folder.TrimEnd(Path.DirectorySeparatorChar))
                ?? throw new InvalidOperationException("The tests run outside of the repository.");
        }

        await Page.ScreenshotAsync(new() { Path = Path.Combine(folder, "artifacts", "screenshots", name + ".png"), FullPage = true });
    }

    public async ValueTask DisposeAsync() => await Context.DisposeAsync();
}
