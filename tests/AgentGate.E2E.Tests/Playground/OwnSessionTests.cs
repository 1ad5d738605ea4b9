using System.Net.Http.Headers;
using static Microsoft.Playwright.Assertions;

namespace AgentGate.E2E.Tests.Playground;

/// <summary>A visitor switches guards off for itself and for nobody else, and what leaves then is kept nowhere.</summary>
public sealed class OwnSessionTests(BrowserFixture fixture)
{
    [Fact]
    public async Task A_guard_switched_off_is_off_for_its_visitor_alone()
    {
        await using var one = await fixture.SignInAsync();
        await using var other = await fixture.SignInAsync();
        await one.ReadyAsync();
        await other.ReadyAsync();

        await one.Page.Locator("[data-guard=Pii] fluent-switch").ClickAsync();
        await one.RunAsync("ssn");
        await other.RunAsync("ssn");

        await Expect(one.Field("gated", "received")).ToContainTextAsync("123-45-6789");
        await Expect(one.Column("gated").Locator("[data-row=Pii]").First).ToContainTextAsync("skipped");
        await Expect(other.Field("gated", "received")).ToContainTextAsync("<SSN_1>");
        Assert.Empty(one.Complaints());
        Assert.Empty(other.Complaints());
    }

    [Fact]
    public async Task What_left_unguarded_is_on_record_as_such_and_kept_nowhere()
    {
        await using var visitor = await fixture.SignInAsync();
        await visitor.ReadyAsync();
        var message = visitor.Page.GetByLabel("Message", new() { Exact = true });
        await message.FillAsync("The number of this test is 536-22-8471");
        await message.PressAsync("Enter");
        await visitor.DoneAsync();
        await Expect(visitor.Field("open", "received")).ToContainTextAsync("536-22-8471");

        using var http = new HttpClient { BaseAddress = new Uri(fixture.Server.Url) };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", fixture.Server.Key);
        var callId = await visitor.Column("open").Locator("code.ag-id").TextContentAsync();
        var traces = await http.GetStringAsync($"/api/traces/{callId}");
        var received = await http.GetStringAsync("/api/demo/received");

        Assert.Contains("skipped", traces, StringComparison.Ordinal);
        Assert.Contains("_open", traces, StringComparison.Ordinal);
        Assert.DoesNotContain("536-22-8471", traces + received, StringComparison.Ordinal);
        foreach (var file in Directory.EnumerateFiles(fixture.Server.State, "*", SearchOption.AllDirectories).Where(file => Path.GetFileName(file) != "server.lock"))
        {
            await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var reader = new StreamReader(stream, System.Text.Encoding.Latin1);
            Assert.False((await reader.ReadToEndAsync()).Contains("536-22-8471", StringComparison.Ordinal), $"{file} holds the number.");
        }
    }
}
