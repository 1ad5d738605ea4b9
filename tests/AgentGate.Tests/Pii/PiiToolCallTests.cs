using AgentGate.Kernel.Decisions;
using AgentGate.Pii;
using AgentGate.Pipeline;

namespace AgentGate.Tests.Pii;

public sealed class PiiToolCallTests
{
    private readonly PiiFixture _pii = new(tools: new OneInternalTool());

    [Fact]
    public async Task Arguments_get_values_only_where_policy_permits()
    {
        Assert.Equal("mail 123-45-6789", await ArgumentsAsync("mail <SSN_1>", permitted: true));
        Assert.Equal("mail <SSN_1>", await ArgumentsAsync("mail <SSN_1>", permitted: false));
        Assert.Equal("mail <SSN_1>", await ArgumentsAsync("mail <SSN_1>", permitted: null));
    }

    [Fact]
    public async Task Only_tokens_of_the_model_call_are_restored_and_never_in_an_address()
        => Assert.Equal(
            "<SSN_2> https://evil.com/<SSN_1> 123-45-6789",
            await ArgumentsAsync("<SSN_2> https://evil.com/<SSN_1> <SSN_1>", permitted: true));

    [Fact]
    public async Task A_permit_of_another_call_permits_nothing()
    {
        var (_, _, parent) = await _pii.SendAsync("123-45-6789");
        parent.Set(new RestorePermit("another", true));
        var (call, _, _) = await _pii.SendAsync(_pii.Call(Texts.User("<SSN_1>"), action: GateActions.CallTool, parent: parent));

        Assert.Equal("<SSN_1>", ((Texts)call.Content).All);
    }

    [Fact]
    public async Task A_look_alike_in_arguments_comes_back_without_a_permit()
        => Assert.Equal("<FOO_1> <SSN_1>", await ArgumentsAsync("<LITERAL_1> <SSN_1>", permitted: false, request: "123-45-6789 <FOO_1>"));

    [Fact]
    public async Task The_types_that_arguments_would_receive_are_known_before_the_decision()
    {
        var (_, _, parent) = await _pii.SendAsync("123-45-6789 a@b c@d <FOO_1>");
        var facts = new PiiRestoreFacts();

        Assert.Equal(["EMAIL", "SSN"], facts.RestorableTypes(Texts.User(@"<SSN_1> <EMAIL_2> \u003cEMAIL_1\u003e <LITERAL_1>"), parent));
        Assert.Empty(facts.RestorableTypes(Texts.User("<SSN_2> <SSN_1"), parent));
        Assert.Empty(facts.RestorableTypes(Texts.User("<SSN_1>"), new CallScope()));
        Assert.Empty(facts.RestorableTypes(Texts.User("<SSN_1>"), null));
    }

    [Theory]
    [InlineData("inside", "123-45-6789")]
    [InlineData("outside", "<SSN_1>")]
    public async Task In_process_an_internal_tool_gets_values_and_any_other_tokens(string tool, string expected)
    {
        var (call, _, _) = await _pii.SendAsync(_pii.Call(Texts.User("123-45-6789"), action: GateActions.CallTool, tool: tool));

        Assert.Equal(expected, ((Texts)call.Content).All);
    }

    [Theory]
    [InlineData("inside")]
    [InlineData("outside")]
    public async Task In_process_a_token_that_a_model_wrote_into_arguments_stays_what_it_is(string tool)
    {
        var (call, scope, verdict) = await _pii.SendAsync(_pii.Call(Texts.User("<SSN_1>"), action: GateActions.CallTool, tool: tool));

        Assert.Equal("<SSN_1>", ((Texts)call.Content).All);
        Assert.Same(Verdict.Allowed, verdict);
        Assert.Null(scope.Find<PiiState>());
    }

    [Fact]
    public async Task A_result_of_a_tool_is_never_restored_only_masked_in_the_next_request()
    {
        var (call, scope, _) = await _pii.SendAsync(_pii.Call(Texts.User("123-45-6789"), action: GateActions.CallTool, tool: "outside"));

        Assert.Equal("<SSN_1>", await _pii.AnswerAsync(call, scope, "<SSN_1>"));
    }

    [Fact]
    public async Task A_model_call_inside_another_does_not_restore_with_its_tokens()
    {
        var (_, _, parent) = await _pii.SendAsync("123-45-6789");
        var (call, scope, _) = await _pii.SendAsync(_pii.Call(Texts.User("hello"), parent: parent));

        Assert.Equal("<SSN_1>", await _pii.AnswerAsync(call, scope, "<SSN_1>"));
        Assert.Null(_pii.Guard.OpenStream(new ResponseContext(call, scope, null)));
    }

    private async Task<string> ArgumentsAsync(string arguments, bool? permitted, string request = "123-45-6789")
    {
        var (_, _, parent) = await _pii.SendAsync(request);
        var call = _pii.Call(
            Texts.Of((SegmentKind.Text, SegmentRole.ToolArguments, arguments)), action: GateActions.CallTool, parent: parent);
        var scope = new CallScope(parent);
        if (permitted is { } decided)
        {
            scope.Set(new RestorePermit(call.Id, decided));
        }

        return ((Texts)(await _pii.SendAsync(call, scope)).Call.Content).All;
    }

    private sealed class OneInternalTool : IToolCatalog
    {
        public bool IsInternal(string name) => name == "inside";
    }
}
