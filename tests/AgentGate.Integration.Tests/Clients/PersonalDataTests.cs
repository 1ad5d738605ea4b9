namespace AgentGate.Integration.Tests.Clients;

public sealed class PersonalDataTests(ClientServer server) : IClassFixture<ClientServer>
{
    private const string Ssn = "123-45-6789";

    public static TheoryData<string, bool> BothWays => Routes.BothWays;

    public static TheoryData<string> All => Routes.All;

    [Theory]
    [MemberData(nameof(BothWays))]
    public async Task The_provider_gets_a_token_and_the_caller_the_value(string route, bool stream)
    {
        var (client, _) = server.Connect(route);

        var answer = await client.AskAsync(Question.Of($"My SSN is {Ssn}, write to ann@example.org 😀"), stream);

        Assert.Equal($"You said: My SSN is {Ssn}, write to ann@example.org 😀", answer.Text);
        var left = Assert.Single(server.Left());
        Assert.Contains("<SSN_1>", left, StringComparison.Ordinal);
        Assert.Contains("<EMAIL_1>", left, StringComparison.Ordinal);
        Assert.DoesNotContain(Ssn, left, StringComparison.Ordinal);
        Assert.DoesNotContain("ann@", left, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(BothWays))]
    public async Task A_token_that_a_person_typed_comes_back_as_typed(string route, bool stream)
    {
        var (client, _) = server.Connect(route);

        var answer = await client.AskAsync(Question.Of($"Is <SSN_1> the token of {Ssn}?"), stream);

        Assert.Equal($"You said: Is <SSN_1> the token of {Ssn}?", answer.Text);
        Assert.DoesNotContain(Ssn, Assert.Single(server.Left()), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(BothWays))]
    public async Task The_usage_arrives_as_the_provider_counted_it(string route, bool stream)
    {
        var (client, _) = server.Connect(route, rewrite: WithUsage(route, stream));

        var answer = await client.AskAsync(Question.Of("Count this."), stream);

        Assert.True(answer.InputTokens > 0 && answer.OutputTokens > 0, $"{answer.InputTokens} in, {answer.OutputTokens} out");
        Assert.False(string.IsNullOrEmpty(answer.Id));
        Assert.False(string.IsNullOrEmpty(answer.Finish));
    }

    [Theory]
    [MemberData(nameof(BothWays))]
    public async Task A_resent_history_is_masked_to_the_same_bytes(string route, bool stream)
    {
        var (client, _) = server.Connect(route);
        var first = await client.AskAsync(Question.Of($"My SSN is {Ssn}."), stream);

        await client.AskAsync(
            new Question(new Turn.User($"My SSN is {Ssn}."), new Turn.Assistant(first), new Turn.User("And my mail is bob@example.org, not 987-65-4320.")), stream);

        var left = server.Left();
        Assert.Equal(2, left.Count);
        Assert.Contains("My SSN is <SSN_1>.", left[0], StringComparison.Ordinal);
        Assert.Contains("\"You said: My SSN is <SSN_1>.\"", Unescaped(left[1]), StringComparison.Ordinal);
        Assert.Contains("<EMAIL_1>", Unescaped(left[1]), StringComparison.Ordinal);
        Assert.DoesNotContain(Ssn, left[1], StringComparison.Ordinal);
        Assert.DoesNotContain("bob@", left[1], StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task A_whole_answer_and_a_streamed_one_say_the_same(string route)
    {
        var (client, _) = server.Connect(route);
        var question = Question.Of($"/say First {Ssn} and\n/tool lookup {{\"who\":\"{Ssn}\",\"note\":\"\\u00fc \\\"q\\\" 😀\"}}", "lookup");

        var whole = await client.AskAsync(question, stream: false);
        var streamed = await client.AskAsync(question, stream: true);

        Assert.Equal(whole.Text, streamed.Text);
        Assert.Equal(whole.Finish, streamed.Finish);
        Assert.Equal(whole.Tools.Select(tool => (tool.Name, Canonical(tool.Arguments))), streamed.Tools.Select(tool => (tool.Name, Canonical(tool.Arguments))));
    }

    private static string Canonical(string json) => System.Text.Json.Nodes.JsonNode.Parse(json)!.ToJsonString();

    private static string Unescaped(string json) => json
        .Replace("\\u003C", "<", StringComparison.OrdinalIgnoreCase).Replace("\\u003E", ">", StringComparison.OrdinalIgnoreCase);

    // The .NET SDK asks for the usage of a chat stream by itself only in some versions.
    private static Func<string, string>? WithUsage(string route, bool stream)
        => route == "chat" && stream
            ? body => body.Contains("include_usage", StringComparison.Ordinal)
                ? body
                : body[..^1] + ",\"stream_options\":{\"include_usage\":true}}"
            : null;
}
