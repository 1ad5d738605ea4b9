using System.ClientModel;

namespace AgentGate.Integration.Tests.Clients;

public sealed class ConversationTests(ClientServer server) : IClassFixture<ClientServer>
{
    private const string Ssn = "123-45-6789";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_stored_answer_is_continued_with_the_values_of_the_conversation(bool stream)
    {
        var (client, _) = server.Connect("responses");
        var first = await client.AskAsync(Question.Of($"My SSN is {Ssn}."), stream);

        var second = await client.AskAsync(Question.Of("/recall") with { Previous = first.Id }, stream);
        var third = await client.AskAsync(Question.Of("And 987-65-4320?\n/recall") with { Previous = second.Id }, stream);

        Assert.Equal($"Before, you said: My SSN is {Ssn}.", second.Text);
        Assert.StartsWith($"Before, you said: My SSN is {Ssn}.", third.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(server.Left(), left => left.Contains(Ssn, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Another_key_does_not_know_the_conversation(bool stream)
    {
        var (client, _) = server.Connect("responses");
        var first = await client.AskAsync(Question.Of($"My SSN is {Ssn}."), stream);
        var (stranger, _) = server.Connect("responses", await server.Server.CreateKeyAsync("stranger"));

        var refused = await Assert.ThrowsAsync<ClientResultException>(
            () => stranger.AskAsync(Question.Of("/recall") with { Previous = first.Id }, stream));

        Assert.Equal(404, refused.Status);
        Assert.Empty(server.Left());
    }
}
