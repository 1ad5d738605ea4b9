using System.Text.Json;

namespace AgentGate.Integration.Tests.Clients;

public sealed class ToolCallTests(ClientServer server) : IClassFixture<ClientServer>
{
    private const string Ssn = "123-45-6789";

    public static TheoryData<string, bool> BothWays => Routes.BothWays;

    [Theory]
    [MemberData(nameof(BothWays))]
    public async Task An_outside_tool_gets_the_token(string route, bool stream)
    {
        var (client, _) = server.Connect(route);

        var answer = await client.AskAsync(Question.Of($"/tool lookup {{\"ssn\":\"{Ssn}\"}}", "lookup"), stream);

        var tool = Assert.Single(answer.Tools);
        Assert.Equal("lookup", tool.Name);
        Assert.Equal("<SSN_1>", Argument(tool, "ssn"));
        Assert.Contains("tool", answer.Finish + (route == "responses" ? "tool" : ""), StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [MemberData(nameof(BothWays))]
    public async Task An_internal_tool_gets_the_value(string route, bool stream)
    {
        var (client, _) = server.Connect(route);

        var answer = await client.AskAsync(Question.Of($"/tool vault_read {{\"ssn\":\"{Ssn}\",\"n\":[1,{{\"x\":\"for {Ssn}\"}}]}}", "vault_read"), stream);

        var tool = Assert.Single(answer.Tools);
        Assert.Equal(Ssn, Argument(tool, "ssn"));
        Assert.Contains("for " + Ssn, tool.Arguments, StringComparison.Ordinal);
        Assert.DoesNotContain(Ssn, Assert.Single(server.Left()), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(BothWays))]
    public async Task A_forbidden_tool_is_never_in_the_answer_and_the_refusal_is(string route, bool stream)
    {
        var (client, _) = server.Connect(route);

        var answer = await client.AskAsync(Question.Of("/tool delete_user {\"id\":\"unheard-of\"}", "delete_user", "lookup"), stream);

        Assert.Empty(answer.Tools);
        Assert.Contains("[AgentGate AG1", answer.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("unheard-of", answer.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("tool", answer.Finish, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [MemberData(nameof(BothWays))]
    public async Task An_undeclared_tool_is_never_in_the_answer(string route, bool stream)
    {
        var (client, _) = server.Connect(route);

        var answer = await client.AskAsync(Question.Of("/tool nobody_said {}", "lookup"), stream);

        Assert.Empty(answer.Tools);
        Assert.Contains("AG1203", answer.Text, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(BothWays))]
    public async Task Of_parallel_calls_only_the_forbidden_one_is_taken_out(string route, bool stream)
    {
        var (client, _) = server.Connect(route);

        var answer = await client.AskAsync(
            Question.Of(
                $"/say Working.\n/tool lookup {{\"a\":1}}\n/tool delete_user {{\"id\":7}}\n/tool vault_read {{\"ssn\":\"{Ssn}\"}}",
                "lookup", "vault_read", "delete_user"),
            stream);

        Assert.Equal(["lookup", "vault_read"], answer.Tools.Select(tool => tool.Name));
        Assert.Equal(2, answer.Tools.Select(tool => tool.Id).Distinct().Count());
        Assert.Equal(Ssn, Argument(answer.Tools[1], "ssn"));
        Assert.StartsWith("Working.", answer.Text, StringComparison.Ordinal);
        Assert.Contains("[AgentGate AG1", answer.Text, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(BothWays))]
    public async Task A_tool_result_is_masked_and_comes_back_restored(string route, bool stream)
    {
        var (client, _) = server.Connect(route);
        var ask = new Turn.User($"/tool lookup {{\"ssn\":\"{Ssn}\"}}");
        var called = await client.AskAsync(new Question(ask) { Tools = ["lookup"] }, stream);

        var answer = await client.AskAsync(
            new Question(ask, new Turn.Assistant(called), new Turn.ToolResult(called.Tools[0].Id, $"The person {Ssn} has ann@example.org.")) { Tools = ["lookup"] },
            stream);

        Assert.Equal($"Tool said: The person {Ssn} has ann@example.org.", answer.Text);
        var left = server.Left()[^1];
        Assert.DoesNotContain(Ssn, left, StringComparison.Ordinal);
        Assert.DoesNotContain("ann@", left, StringComparison.Ordinal);
    }

    private static string? Argument(ToolUse tool, string name) => JsonDocument.Parse(tool.Arguments).RootElement.GetProperty(name).GetString();
}
