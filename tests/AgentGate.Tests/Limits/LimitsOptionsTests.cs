using AgentGate.Limits;

namespace AgentGate.Tests.Limits;

public sealed class LimitsOptionsTests
{
    [Fact]
    public void A_plain_rule_and_the_shipped_rules_can_be_used()
    {
        var options = Of(_ => { });
        ShippedLimits.AddDevelopmentTo(options.Rules);

        Assert.Empty(LimitsOptionsValidator.Faults(options));
        options.Rules.Clear();
        ShippedLimits.AddTo(options.Rules);
        Assert.Empty(LimitsOptionsValidator.Faults(options));
    }

    public static TheoryData<string, Action<LimitRule>> Faulty => new()
    {
        { "Name", rule => rule.Name = "" },
        { "Name", rule => rule.Name = "two words" },
        { "Name", rule => rule.Name = new string('n', 65) },
        { "Calls", rule => rule.Calls = 0 },
        { "Calls", rule => rule.Calls = 1_000_000_001 },
        { "Window", rule => rule.Window = TimeSpan.Zero },
        { "Window", rule => rule.Window = TimeSpan.FromMilliseconds(1_500) },
        { "Window", rule => rule.Window = TimeSpan.FromDays(32) },
        { "Per", rule => rule.Per = (LimitPer)64 },
        { "Principal", rule => rule.Principal = "" },
        { "Tool", rule => rule.Tool = "a?*" },
        { "Action", rule => rule.Action = "fly" },
        { "Action", rule => rule.Action = "restoreValues" },
        { "Action", rule => (rule.Action, rule.Per) = ("callModel", LimitPer.Tool) },
        { "Action", rule => (rule.Action, rule.Model) = ("callTool", "gpt-*") },
        { "no call", rule => (rule.Tool, rule.Model) = ("t", "m") },
        { "OnStoreLoss", rule => rule.OnStoreLoss = (StoreLoss)7 },
        { "OnStoreLoss", rule => (rule.OnStoreLoss, rule.Calls) = (StoreLoss.LocalShare, 3) },
    };

    [Theory]
    [MemberData(nameof(Faulty))]
    public void A_rule_that_would_limit_nothing_or_something_else_is_refused_by_its_key(string key, Action<LimitRule> spoil)
    {
        var options = Of(spoil);
        options.Servers = 4;

        var fault = Assert.Single(LimitsOptionsValidator.Faults(options));

        Assert.StartsWith("AgentGate:Limits:Rules:0:" + key, fault, StringComparison.Ordinal);
    }

    [Fact]
    public void Bounds_and_names_are_checked()
    {
        var options = Of(_ => { });
        options.Rules.Add(new LimitRule { Name = "R", Calls = 1 });
        (options.KeysMax, options.Servers, options.StoreDeadline) = (15, 0, TimeSpan.Zero);

        var faults = LimitsOptionsValidator.Faults(options).ToList();

        Assert.Equal(4, faults.Count);
        Assert.Contains(faults, fault => fault.Contains("twice", StringComparison.Ordinal));
    }

    private static LimitsOptions Of(Action<LimitRule> change)
    {
        var rule = new LimitRule { Name = "r", Calls = 1 };
        change(rule);
        var options = new LimitsOptions();
        options.Rules.Add(rule);
        return options;
    }
}
