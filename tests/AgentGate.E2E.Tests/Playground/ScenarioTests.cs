using static Microsoft.Playwright.Assertions;

namespace AgentGate.E2E.Tests.Playground;

/// <summary>The scenarios of the README, clicked by a visitor in a real browser.</summary>
public sealed class ScenarioTests(BrowserFixture fixture)
{
    [Theory]
    [InlineData("ssn", "<SSN_1>", "123-45-6789")]
    [InlineData("email", "<EMAIL_1>", "ceo@company.com")]
    [InlineData("card", "<CREDIT_CARD_1>", "4111-1111-1111-1111")]
    public async Task Personal_data_leaves_as_a_token_and_comes_back_and_without_the_gate_it_leaves_as_typed(string scenario, string token, string value)
    {
        await using var visitor = await fixture.SignInAsync();

        await visitor.RunAsync(scenario);

        await Expect(visitor.Field("gated", "received")).ToContainTextAsync(token);
        await Expect(visitor.Field("gated", "received")).Not.ToContainTextAsync(value);
        await Expect(visitor.Field("gated", "answer")).ToContainTextAsync(value);
        await Expect(visitor.Field("gated", "decision")).ToContainTextAsync("Allowed");
        await Expect(visitor.Column("gated").Locator("[data-row=Pii]").First).ToContainTextAsync("transform");
        await Expect(visitor.Field("open", "received")).ToContainTextAsync(value);
        await Expect(visitor.Field("open", "exposed")).ToContainTextAsync("as typed");
        await Expect(visitor.Column("open").Locator("[data-row=Pii]").First).ToContainTextAsync("skipped");
        Assert.Empty(visitor.Complaints());
    }

    [Theory]
    [InlineData("sql", "sql.")]
    [InlineData("shell", "shell.")]
    [InlineData("xss", "xss.")]
    public async Task An_attack_is_blocked_before_the_provider_and_without_the_gate_it_arrives(string scenario, string rule)
    {
        await using var visitor = await fixture.SignInAsync();

        await visitor.RunAsync(scenario);

        await Expect(visitor.Field("gated", "decision")).ToContainTextAsync("Blocked");
        await Expect(visitor.Field("gated", "decision")).ToContainTextAsync("AG20");
        await Expect(visitor.Column("gated").Locator("[data-row=Threats]")).ToContainTextAsync(rule);
        await Expect(visitor.Field("gated", "received")).ToContainTextAsync("Nothing");
        await Expect(visitor.Field("open", "decision")).ToContainTextAsync("Allowed");
        await Expect(visitor.Field("open", "exposed")).ToContainTextAsync("reaches the provider");
        Assert.Empty(visitor.Complaints());
    }

    [Fact]
    public async Task A_burst_is_throttled_with_the_time_to_try_again()
    {
        await using var visitor = await fixture.SignInAsync();

        await visitor.RunAsync("burst");

        await Expect(visitor.Field("gated", "decision")).ToContainTextAsync("Throttled");
        await Expect(visitor.Field("gated", "retry")).ToContainTextAsync("Try again in");
        await Expect(visitor.Page.Locator(".ag-burst")).ToContainTextAsync("21 of 25 sent: 20 answered, 1 refused");
        await Expect(visitor.Page.Locator("[data-counter=calls]")).ToContainTextAsync("0");
        await Expect(visitor.Field("open", "decision")).ToContainTextAsync("Allowed");
        Assert.Empty(visitor.Complaints());
    }

    [Fact]
    public async Task Harmless_text_passes_on_both_sides()
    {
        await using var visitor = await fixture.SignInAsync();

        await visitor.RunAsync("benign");

        await Expect(visitor.Field("gated", "decision")).ToContainTextAsync("Allowed");
        await Expect(visitor.Field("gated", "received")).ToContainTextAsync("I have a cat | issue #42");
        await Expect(visitor.Field("gated", "answer")).ToContainTextAsync("I have a cat | issue #42");
        await Expect(visitor.Field("open", "exposed")).ToContainTextAsync("Nothing");
        await Expect(visitor.Page.Locator("[data-counter=calls]")).ToContainTextAsync("19 of 20");
        await Expect(visitor.Page.Locator("[data-counter=budget]")).ToContainTextAsync("of $1");
        Assert.Empty(visitor.Complaints());
    }

    [Fact]
    public async Task A_scenario_has_an_address_of_its_own()
    {
        await using var visitor = await fixture.SignInAsync();

        await visitor.Page.GotoAsync("/playground?scenario=email");
        await visitor.DoneAsync();

        await Expect(visitor.Field("gated", "received")).ToContainTextAsync("<EMAIL_1>");
        Assert.Empty(visitor.Complaints());
    }

    [Fact]
    public async Task Typed_text_is_sent_by_Enter_and_shown_as_text_whatever_it_looks_like()
    {
        await using var visitor = await fixture.SignInAsync();
        await visitor.ReadyAsync();
        var message = visitor.Page.GetByLabel("Message", new() { Exact = true });

        await message.FillAsync("a < b && c > d, write to <b>ada@example.org</b>");
        await message.PressAsync("Enter");
        await visitor.DoneAsync();

        await Expect(visitor.Field("gated", "received")).ToContainTextAsync("<b><EMAIL_1></b>");
        await Expect(visitor.Field("gated", "answer")).ToContainTextAsync("<b>ada@example.org</b>");
        Assert.Equal(0, await visitor.Column("gated").Locator("pre b").CountAsync());
        Assert.Empty(visitor.Complaints());
    }

    [Fact]
    public async Task An_answer_is_shown_while_it_streams()
    {
        await using var visitor = await fixture.SignInAsync();
        await visitor.ReadyAsync();
        var message = visitor.Page.GetByLabel("Message", new() { Exact = true });

        await message.FillAsync("/slow 400\none two three four five six seven eight nine ten");
        await message.PressAsync("Enter");

        await Expect(visitor.Field("gated", "answer")).ToContainTextAsync("one");
        Assert.Equal("true", await visitor.Field("gated", "answer").GetAttributeAsync("aria-busy"));
        Assert.DoesNotContain("ten", await visitor.Field("gated", "answer").TextContentAsync(), StringComparison.Ordinal);
    }
}
