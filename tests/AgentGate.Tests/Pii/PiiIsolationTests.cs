namespace AgentGate.Tests.Pii;

public sealed class PiiIsolationTests
{
    [Fact]
    public async Task Sixty_four_concurrent_callers_with_several_keys_never_see_each_others_values()
    {
        var pii = new PiiFixture();
        await Task.WhenAll(Enumerable.Range(0, 64).Select(caller => Task.Run(async () =>
        {
            var key = $"k{caller % 5}";
            for (var round = 0; round < 20; round++)
            {
                var own = $"{caller:000}-{round:00}-0000";
                var session = round % 2 == 0 ? "shared" : null;
                var (sent, call, scope) = await pii.SendAsync($"I am {own}", key, session);
                Assert.Matches("^I am <SSN_[0-9]+>$", sent);

                // A model that prints every token there might be gives back this caller's value and no other.
                var all = string.Join(' ', Enumerable.Range(1, 300).Select(n => $"<SSN_{n}>"));
                var answer = await pii.AnswerAsync(call, scope, all);
                Assert.Equal(all.Replace(sent["I am ".Length..], own, StringComparison.Ordinal), answer);
            }
        })));
    }

    [Fact]
    public async Task Concurrent_callers_of_one_session_share_tokens_for_equal_values_only()
    {
        var pii = new PiiFixture();
        var sent = await Task.WhenAll(Enumerable.Range(0, 64).Select(caller => Task.Run(
            async () => (Value: $"{caller % 9:000}-00-0000", Token: (await pii.SendAsync($"{caller % 9:000}-00-0000", session: "s")).Sent))));

        Assert.Equal(9, sent.Distinct().Count());
        Assert.Equal(9, sent.Select(pair => pair.Token).Distinct().Count());
    }
}
