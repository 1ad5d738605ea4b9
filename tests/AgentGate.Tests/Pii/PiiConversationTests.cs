using AgentGate.Diagnostics;
using AgentGate.Kernel.Decisions;

namespace AgentGate.Tests.Pii;

public sealed class PiiConversationTests
{
    private readonly PiiFixture _pii = new();

    [Fact]
    public async Task A_continued_conversation_keeps_its_tokens_and_restores_what_it_sent_before()
    {
        var (_, first, firstScope) = await _pii.SendAsync("123-45-6789");
        await LinkAsync(first, firstScope, "resp_1");
        var (sent, second, secondScope) = await _pii.SendAsync("987-65-4321 123-45-6789", previous: "resp_1");
        await LinkAsync(second, secondScope, "resp_2");
        var (_, third, thirdScope) = await _pii.SendAsync("what was it?", previous: "resp_2");

        Assert.Equal("<SSN_2> <SSN_1>", sent);
        Assert.Equal("123-45-6789 987-65-4321", await _pii.AnswerAsync(third, thirdScope, "<SSN_1> <SSN_2>"));
    }

    [Fact]
    public async Task A_conversation_that_began_without_personal_data_can_be_continued()
    {
        var (_, first, firstScope) = await _pii.SendAsync("hello");
        await LinkAsync(first, firstScope, "resp_1");
        var (sent, _, _) = await _pii.SendAsync("123-45-6789", previous: "resp_1");

        Assert.Equal("<SSN_1>", sent);
    }

    [Fact]
    public async Task Two_branches_of_a_conversation_do_not_restore_each_other()
    {
        var (_, root, rootScope) = await _pii.SendAsync("a@b");
        await LinkAsync(root, rootScope, "resp_1");
        var (left, _, _) = await _pii.SendAsync("123-45-6789", previous: "resp_1");
        var (right, rightCall, rightScope) = await _pii.SendAsync("987-65-4321", previous: "resp_1");

        Assert.Equal(("<SSN_1>", "<SSN_2>"), (left, right));
        Assert.Equal("<SSN_1> 987-65-4321 a@b", await _pii.AnswerAsync(rightCall, rightScope, "<SSN_1> <SSN_2> <EMAIL_1>"));
    }

    [Fact]
    public async Task A_conversation_in_a_named_session_restores_only_what_it_sent_itself()
    {
        await _pii.SendAsync("123-45-6789", session: "s");
        var (_, first, firstScope) = await _pii.SendAsync("987-65-4321", session: "s");
        await LinkAsync(first, firstScope, "resp_1");
        var (_, second, secondScope) = await _pii.SendAsync("again", previous: "resp_1");

        Assert.Equal("<SSN_1> 987-65-4321", await _pii.AnswerAsync(second, secondScope, "<SSN_1> <SSN_2>"));
    }

    [Theory]
    [InlineData("k2", "t1", "resp_1")]
    [InlineData("k1", "t2", "resp_1")]
    [InlineData("k1", "t1", "resp_2")]
    public async Task A_response_of_somebody_else_or_of_nobody_is_not_found(string key, string tenant, string response)
    {
        var (_, first, firstScope) = await _pii.SendAsync("123-45-6789");
        await LinkAsync(first, firstScope, "resp_1");
        var (_, _, verdict) = await _pii.SendAsync(_pii.Call(Texts.User("hello"), key, previous: response, tenant: tenant));

        var denial = Assert.IsType<Verdict.Deny>(verdict);
        Assert.Equal((Codes.PiiUnknownConversation, DenialKind.NotFound), (denial.Code, denial.Kind));
    }

    [Fact]
    public async Task A_conversation_whose_session_has_expired_is_not_found()
    {
        var (_, first, firstScope) = await _pii.SendAsync("123-45-6789");
        await LinkAsync(first, firstScope, "resp_1");
        _pii.Time.Advance(TimeSpan.FromHours(24));
        var (_, _, verdict) = await _pii.SendAsync(_pii.Call(Texts.User("hello"), previous: "resp_1"));

        Assert.IsType<Verdict.Deny>(verdict);
    }

    private ValueTask LinkAsync(AgentGate.Pipeline.GateCall call, AgentGate.Pipeline.CallScope scope, string response)
        => _pii.Links.LinkAsync(call, scope, response, TestContext.Current.CancellationToken);
}
