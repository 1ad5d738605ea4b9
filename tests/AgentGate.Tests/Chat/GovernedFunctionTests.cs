using AgentGate.Chat;
using AgentGate.Kernel.Decisions;
using AgentGate.Policies;
using Microsoft.Extensions.AI;

namespace AgentGate.Tests.Chat;

public sealed class GovernedFunctionTests
{
    private const string Ssn = "123-45-6789";

    private readonly List<string> _seen = [];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_internal_function_gets_values_and_the_record_keeps_tokens()
    {
        var fixture = new ChatFixture();

        var result = await fixture.Gate.Govern(Note(), options => options.IsInternal = true).InvokeAsync(About($"SSN {Ssn}"), Stop);

        Assert.Equal([$"SSN {Ssn}"], _seen);
        Assert.Equal("noted", result?.ToString());
        Assert.Equal("Intent Outcome:Completed", fixture.Record.Story);
        Assert.Equal("""{"arguments":{"text":"SSN <SSN_1>"}}""", Assert.Single(fixture.Record.Traces).Sent);
        var intent = fixture.Record.Entries[0];
        Assert.Equal(("sdk.tool", "callTool", EntityRef.Tool("note")), (intent.Door, intent.Action, intent.Resource!.Value));
        Assert.NotNull(intent.RawBinding);
    }

    [Fact]
    public async Task Any_other_function_gets_tokens()
    {
        await new ChatFixture().Gate.Govern(Note()).InvokeAsync(About($"SSN {Ssn}"), Stop);

        Assert.Equal(["SSN <SSN_1>"], _seen);
    }

    [Fact]
    public async Task A_forbidden_function_does_not_run()
    {
        var fixture = new ChatFixture(new PolicyOptions { UseShippedDefault = true, Forbid = { new PolicyRule { Resource = "note" } } });

        var denied = await Assert.ThrowsAsync<AgentGateDeniedException>(async () => await fixture.Gate.Govern(Note()).InvokeAsync(About("x"), Stop));

        Assert.Equal(("AG1202", DenialKind.Forbidden), (denied.Code, denied.Kind));
        Assert.Empty(_seen);
        Assert.Equal("Denied", fixture.Record.Story);
    }

    [Fact]
    public async Task What_the_function_throws_comes_through_and_is_on_record_as_failed()
    {
        var fixture = new ChatFixture();
        var function = AIFunctionFactory.Create(string () => throw new TimeoutException("too slow"), "slow");

        await Assert.ThrowsAsync<TimeoutException>(async () => await fixture.Gate.Govern(function).InvokeAsync(cancellationToken: Stop));

        Assert.Equal("Intent Outcome:Failed", fixture.Record.Story);
    }

    [Fact]
    public async Task A_governed_function_inside_a_governed_conversation_gets_values_only_when_it_is_internal()
    {
        foreach (var isInternal in new[] { true, false })
        {
            var fixture = new ChatFixture();
            _seen.Clear();
            var function = fixture.Gate.Govern(Note(), options => options.IsInternal = isInternal);
            var inner = new ScriptedClient
            {
                Answer = messages => new ChatResponse(messages[^1].Role == ChatRole.Tool
                    ? new ChatMessage(ChatRole.Assistant, "Done.")
                    : new ChatMessage(ChatRole.Assistant, [new FunctionCallContent("c", "note", new Dictionary<string, object?> { ["text"] = "<SSN_1>" })])),
            };
            using var client = new FunctionInvokingChatClient(fixture.Govern(inner));

            var response = await client.GetResponseAsync("My SSN is " + Ssn, new ChatOptions { Tools = [function] }, Stop);

            Assert.Equal("Done.", response.Text);
            Assert.Equal(isInternal, Assert.Single(_seen) == Ssn);
            Assert.Equal(isInternal, !_seen[0].StartsWith('<'));
            Assert.All(inner.Sent.SelectMany(messages => messages), message => Assert.DoesNotContain(Ssn, message.Text, StringComparison.Ordinal));
            Assert.All(fixture.Record.Traces, trace => Assert.DoesNotContain(Ssn, trace.Sent, StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task An_argument_keeps_its_type_where_nothing_changed()
    {
        var moment = new DateTime(2026, 1, 2, 0, 0, 0, DateTimeKind.Utc);
        DateTime? seen = null;
        var function = AIFunctionFactory.Create((DateTime at) => { seen = at; }, "at");

        await new ChatFixture().Gate.Govern(function).InvokeAsync(new AIFunctionArguments { ["at"] = moment }, Stop);

        Assert.Equal(moment, seen);
    }

    [Fact]
    public async Task An_argument_nobody_can_read_is_denied()
    {
        var denied = await Assert.ThrowsAsync<AgentGateDeniedException>(
            async () => await new ChatFixture().Gate.Govern(Note()).InvokeAsync(new AIFunctionArguments { ["text"] = (Func<int>)(() => 1) }, Stop));

        Assert.Equal("AG1117", denied.Code);
        Assert.Empty(_seen);
    }

    private AIFunction Note() => AIFunctionFactory.Create(
        (string text) =>
        {
            _seen.Add(text);
            return "noted";
        },
        "note");

    private static AIFunctionArguments About(string text) => new() { ["text"] = text };
}
