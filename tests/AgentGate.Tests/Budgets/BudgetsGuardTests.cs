using AgentGate.Budgets;
using AgentGate.Diagnostics;
using AgentGate.Kernel.Decisions;
using AgentGate.Pipeline;
using AgentGate.Tests.Pipeline;

namespace AgentGate.Tests.Budgets;

public sealed class BudgetsGuardTests
{
    private const string Body = """{"messages":[{"role":"user","content":"hello"}]}""";

    [Fact]
    public void A_model_without_a_price_is_refused_whether_or_not_a_budget_applies()
    {
        var (verdict, scope) = new BudgetFixture().Inspect(BudgetFixture.Chat(Body));

        Assert.Equal((Codes.ModelWithoutPrice, DenialKind.Forbidden), verdict is Verdict.Deny deny ? (deny.Code, deny.Kind) : default);
        Assert.Null(scope.Charge);
    }

    [Fact]
    public async Task Costs_and_refusals_are_counted_by_tenant()
    {
        using var probe = new MeterProbe();
        var budgets = new BudgetFixture { Metrics = new BudgetMetrics(probe) }.Price().Price(model: "dear").Rule(0m, model: "dear");
        probe.Start();

        await budgets.Inspect(BudgetFixture.Chat(Body)).Scope.Charge!.SettleAsync(new CallEnding(CallEndingKind.Answered, new Usage(10, 2)));
        budgets.Inspect(BudgetFixture.Chat(Body, model: "dear"));

        Assert.Contains("agentgate.cost estimated=False gen_ai.provider.name=p tenant=t1", probe.Measured);
        Assert.Contains("agentgate.budget.refusals rule=r tenant=t1", probe.Measured);
    }

    [Theory]
    [InlineData("o3", "o3")]
    [InlineData("cheap", "o3")]
    [InlineData("o3-2025-04-16", "o3-2025-04-16")]
    [InlineData("openai/o3", "o3-2025-04-16")]
    public void A_budget_of_a_model_covers_it_under_every_name_it_has(string called, string upstream)
    {
        var budgets = new BudgetFixture().Price(model: "*").Rule(0m, model: "o3");
        var call = BudgetFixture.Chat(Body, model: called) with { Targets = [new EffectTarget("p", upstream)] };

        Assert.Equal(Codes.BudgetExhausted, (budgets.Inspect(call).Verdict as Verdict.Deny)?.Code);
        Assert.IsNotType<Verdict.Deny>(budgets.Inspect(BudgetFixture.Chat(Body, model: "o3-mini")).Verdict);
    }

    [Fact]
    public void Tools_lists_and_counting_have_no_price_and_need_none()
        => Assert.All(
            [GateActions.CallTool, GateActions.ListModels, GateActions.CountTokens],
            action => Assert.Same(Verdict.Allowed, new BudgetFixture().Rule(0).Inspect(BudgetFixture.Chat(Body) with { Action = action }).Verdict));

    [Fact]
    public async Task A_call_that_no_budget_covers_keeps_its_body_and_still_gets_its_cost()
    {
        var (verdict, scope) = new BudgetFixture().Price().Rule(1m, principal: "somebody-else").Inspect(BudgetFixture.Chat(Body));

        Assert.Same(Verdict.Allowed, verdict);
        Assert.Empty(scope.Charge!.Reserved);
        Assert.Equal(0.000_012m, (await scope.Charge.SettleAsync(new CallEnding(CallEndingKind.Answered, new Usage(10, 2)))).Usage!.CostUsd);
    }

    [Theory]
    [InlineData(null, "gpt-4o", """{"messages":[],"max_completion_tokens":8192}""")]
    [InlineData(null, "m", """{"messages":[],"max_tokens":8192}""")]
    [InlineData(100L, "gpt-4o", """{"messages":[],"max_completion_tokens":100}""")]
    [InlineData(20_000L, "gpt-4o", """{"messages":[],"max_completion_tokens":16384}""")]
    public void The_bound_that_was_reserved_is_written_into_the_request(long? asked, string model, string sent)
    {
        var call = BudgetFixture.Chat("""{"messages":[]}""", Demand() with { TokensMax = asked }, model);
        var (verdict, scope) = new BudgetFixture().Price().Rule(100m).Inspect(call);

        Assert.Equal(sent, BudgetFixture.Apply(call, verdict));
        Assert.Single(scope.Charge!.Reserved);
    }

    [Theory]
    [InlineData(0L, 1L)]
    [InlineData(-1L, 8192L)]
    public void A_bound_that_some_servers_take_for_none_does_not_go_on_as_it_is(long asked, long sent)
    {
        var call = BudgetFixture.Chat($"{{\"max_tokens\":{asked}}}", Demand() with { TokensMax = asked, Members = ["max_tokens"] });
        var budgets = new BudgetFixture().Price(input: 0, output: 1).Rule(1m);
        var (verdict, _) = budgets.Inspect(call);

        Assert.Equal($"{{\"max_tokens\":{sent}}}", BudgetFixture.Apply(call, verdict));
        Assert.Equal(sent / 1_000_000m, budgets.State().ReservedUsd);
    }

    [Fact]
    public void A_bound_the_caller_set_and_the_budget_pays_for_stays_byte_for_byte()
    {
        var call = BudgetFixture.Chat("""{ "max_tokens": 100, "messages":[]}""", Demand() with { TokensMax = 100, Members = ["max_tokens"] });
        var (verdict, _) = new BudgetFixture().Price().Rule(1m).Inspect(call);

        Assert.Same(Verdict.Allowed, verdict);
    }

    [Fact]
    public void What_is_left_shortens_the_answer_and_too_little_refuses_the_call()
    {
        // A dollar per million tokens is 1,000 billionths each; the prompt's bound is its bytes and the frame.
        var call = BudgetFixture.Chat("""{"messages":[],"max_tokens":5000}""", Demand() with { TokensMax = 5000, Members = ["max_tokens"], Choices = 2 });
        var bound = call.Content.ToUtf8().Length + 64;
        var budgets = new BudgetFixture().Price(input: 0, output: 1).Rule(0.000_200m);

        var (verdict, _) = budgets.Inspect(call);
        Assert.Equal("""{"messages":[],"max_tokens":100}""", BudgetFixture.Apply(call, verdict));
        Assert.Equal(0.000_200m, budgets.State().ReservedUsd);

        var (refused, scope) = budgets.Inspect(call);
        var deny = Assert.IsType<Verdict.Deny>(refused);
        Assert.Equal((Codes.BudgetExhausted, DenialKind.Forbidden, null), (deny.Code, deny.Kind, deny.RetryAfter));
        Assert.Contains("budget r of 0.0002 USD per day", deny.Reason, StringComparison.Ordinal);
        Assert.Contains("2026-11-23T00:00:00Z", deny.Reason, StringComparison.Ordinal);
        Assert.Empty(scope.Charge!.Reserved);
        Assert.True(bound > 0);
    }

    [Fact]
    public void A_prompt_that_fits_only_when_counted_is_counted()
    {
        var words = string.Join(' ', Enumerable.Repeat("hello", 400));
        var call = BudgetFixture.Chat($$"""{"messages":[{"role":"user","content":"{{words}}"}]}""", Demand() with { TokensMax = 16, Members = ["max_tokens"] });
        var budgets = new BudgetFixture().Price(input: 1, output: 0).Rule(0.001_200m);

        var (verdict, _) = budgets.Inspect(call);

        Assert.IsNotType<Verdict.Deny>(verdict);
        Assert.InRange(budgets.State().ReservedUsd, 0.000_800m, 0.001_200m);
    }

    [Theory]
    [InlineData("provider_tool")]
    [InlineData("prediction")]
    [InlineData("service_tier")]
    public void A_cost_without_a_bound_is_refused_where_a_budget_applies_and_nowhere_else(string word)
    {
        var call = BudgetFixture.Chat(Body, Demand() with { Unbounded = [word] });

        Assert.Equal(Codes.CostUnbounded, (new BudgetFixture().Price().Rule(1m).Inspect(call).Verdict as Verdict.Deny)?.Code);
        Assert.IsNotType<Verdict.Deny>(new BudgetFixture().Price().Inspect(call).Verdict);
        var allowed = new BudgetFixture().Price().Rule(1m);
        allowed.Options.AllowUnbounded = true;
        Assert.IsNotType<Verdict.Deny>(allowed.Inspect(call).Verdict);
    }

    [Fact]
    public void A_prompt_the_provider_holds_part_of_is_bounded_by_the_model_s_own_maximum()
    {
        var call = BudgetFixture.Chat(Body, Demand() with { Unbounded = ["context"], TokensMax = 16, Members = ["max_tokens"] });
        var budgets = new BudgetFixture().Price(input: 1, output: 0).Rule(1m);

        Assert.IsNotType<Verdict.Deny>(budgets.Inspect(call).Verdict);
        Assert.Equal(0.1m, budgets.State().ReservedUsd);
        var unknown = new BudgetFixture().Rule(1m);
        unknown.Options.Prices["m"] = new PriceOptions { Input = 1, Output = 1 };
        Assert.Equal(Codes.CostUnbounded, (unknown.Inspect(call).Verdict as Verdict.Deny)?.Code);
    }

    [Fact]
    public void A_stream_is_asked_for_its_usage_and_a_thinking_budget_is_not_undercut()
    {
        var call = BudgetFixture.Chat("""{"stream_options":{"x":1}}""", Demand() with { TokensMax = 10, Members = ["max_tokens"], UsageFlag = ("stream_options", "include_usage") });
        var (verdict, _) = new BudgetFixture().Price().Rule(1m).Inspect(call);
        Assert.Equal("""{"stream_options":{"x":1,"include_usage":true}}""", BudgetFixture.Apply(call, verdict));

        var thinking = BudgetFixture.Chat(Body, Demand() with { TokensMax = 4_000, TokensMin = 2_001, Members = ["max_tokens"] });
        Assert.Equal(Codes.BudgetExhausted, (new BudgetFixture().Price(0, 1).Rule(0.002m).Inspect(thinking).Verdict as Verdict.Deny)?.Code);
    }

    [Fact]
    public void Free_models_reserve_nothing_and_pass_a_budget_of_zero()
    {
        var (verdict, scope) = new BudgetFixture().Price(0, 0).Rule(0m).Inspect(BudgetFixture.Chat(Body));

        Assert.Same(Verdict.Allowed, verdict);
        Assert.Empty(scope.Charge!.Reserved);
        Assert.IsType<Verdict.Deny>(new BudgetFixture().Price().Rule(0m).Inspect(BudgetFixture.Chat(Body)).Verdict);
    }

    [Fact]
    public async Task An_answer_without_usage_is_counted_here_and_marked()
    {
        var budgets = new BudgetFixture().Price().Rule(1m);
        var (_, scope) = budgets.Inspect(BudgetFixture.Chat(Body));
        var answer = GateFixture.Json("""{"choices":[{"message":{"content":"hello world"}}]}""");

        var settled = (await scope.Charge!.SettleAsync(new CallEnding(CallEndingKind.Answered, null, answer)));

        Assert.True(settled.Usage!.Estimated);
        Assert.True(settled.Usage.InputTokens > 0);
        Assert.Equal(settled.Usage.CostUsd, budgets.State().SpentUsd);
        Assert.Equal(0m, budgets.State().ReservedUsd);
    }

    [Theory]
    [InlineData(10, 0)]
    [InlineData(0, 10)]
    [InlineData(-5, 10)]
    [InlineData(10, -5)]
    [InlineData(-1, -1)]
    public async Task A_side_of_the_usage_that_says_nothing_is_counted_here_and_marked(long input, long output)
    {
        var budgets = new BudgetFixture().Price().Rule(1m);
        var (_, scope) = budgets.Inspect(BudgetFixture.Chat(Body));
        scope.Charge!.Observe(new Said("hello world, how are you"));

        var usage = (await scope.Charge.SettleAsync(new CallEnding(CallEndingKind.Answered, new Usage(input, output)))).Usage!;

        Assert.True(usage.Estimated);
        Assert.True(input > 0 ? usage.InputTokens == input : usage.InputTokens > 0);
        Assert.True(output > 0 ? usage.OutputTokens == output : usage.OutputTokens > 0);
        Assert.Equal((usage.InputTokens + usage.OutputTokens) / 1_000_000m, budgets.State().SpentUsd);
    }

    [Theory]
    [InlineData(FailedCallCharge.Reservation, true)]
    [InlineData(FailedCallCharge.Estimate, true)]
    [InlineData(FailedCallCharge.None, false)]
    public async Task A_call_that_was_cut_off_costs_what_the_declared_rule_says(FailedCallCharge rule, bool costs)
    {
        var budgets = new BudgetFixture().Price().Rule(1m);
        budgets.Options.FailedCallCharge = rule;
        var (_, scope) = budgets.Inspect(BudgetFixture.Chat(Body));
        var reserved = budgets.State().ReservedUsd;

        await scope.Charge!.SettleAsync(new CallEnding(CallEndingKind.Unfinished));

        Assert.Equal(0m, budgets.State().ReservedUsd);
        Assert.Equal(costs, budgets.State().SpentUsd > 0);
        Assert.True(rule != FailedCallCharge.Reservation || budgets.State().SpentUsd == reserved);
        Assert.True(rule != FailedCallCharge.Estimate || budgets.State().SpentUsd < reserved);
    }

    private sealed class Said(string text) : StreamFrame
    {
        public override IReadOnlyList<StreamSegment> Segments { get; } =
            [new StreamSegment("c", SegmentRole.Assistant, SegmentKind.Text, text.AsMemory(), false, false)];

        public override void Replace(int index, string text) => throw new NotSupportedException();
    }

    private static OutputDemand Demand() => new() { Member = "max_completion_tokens", LegacyMember = "max_tokens" };
}
