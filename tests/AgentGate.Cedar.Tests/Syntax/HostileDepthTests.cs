using System.Text;
using AgentGate.Cedar.Formatting;
using AgentGate.Cedar.Syntax;

namespace AgentGate.Cedar.Tests.Syntax;

public sealed class HostileDepthTests
{
    private const int Many = 1_000_000;

    public static TheoryData<string, string, string> Nestings { get; } = new()
    {
        { "(", "1", ")" },
        { "!", "true", "" },
        { "-", "1", "" },
        { "[", "1", "]" },
        { "{a:", "1", "}" },
        { "if ", "true", " then 1 else 2" },
        { "if true then 1 else ", "true", "" },
        { "if true then ", "1", " else 2" },
        { "", "context", ".a" },
        { "", "context", "[\"a\"]" },
        { "", "context", ".isIpv4()" },
        { "", "true", " && true" },
        { "", "true", " || true" },
        { "", "1", " + 1" },
        { "", "1", " * 1" },
        { "!(", "true", ")" },
        { "-(", "1", ")" },
        { "ip(", "1", ")" },
        { "context.contains(", "1", ")" },
        { "context has a", "", ".a" },
        { "1 == (", "1", ")" },
        { "true && (", "true", ")" },
        { "(", "", "" },
        { "[", "", "" },
        { "{", "", "" },
        { "{a:[(", "", "" },
        { "A::", "\"x\"", "" },
    };

    [Theory]
    [MemberData(nameof(Nestings))]
    public void A_million_levels_are_a_diagnostic_and_no_crash_on_a_small_stack(string open, string middle, string close)
    {
        var text = Repeat(open, Many) + middle + Repeat(close, Many);
        OnSmallStack(() =>
        {
            var isExpression = ExprParser.TryParse(text, out var expression, out var diagnostics);
            Assert.True(isExpression ? expression!.Depth <= CedarLimits.MaxDepth : !diagnostics.IsEmpty);
            Assert.True(isExpression == (open == "A::"), string.Join("\n", diagnostics));
            Assert.Equal(isExpression, PolicySet.TryParse($"permit(principal, action, resource) when {{ {text} }};", PolicyIdSource.Position, out _, out _));
        });
    }

    [Theory]
    [MemberData(nameof(Nestings))]
    public void A_thousand_levels_either_parse_or_are_a_diagnostic(string open, string middle, string close)
    {
        var text = Repeat(open, CedarLimits.MaxDepth - 2) + middle + Repeat(close, CedarLimits.MaxDepth - 2);
        OnSmallStack(() =>
        {
            if (PolicySet.TryParse($"permit(principal, action, resource) when {{ {text} }};", PolicyIdSource.Position, out var set, out var diagnostics))
            {
                Assert.True(Assert.Single(set.Policies).Conditions[0].Body.Depth <= CedarLimits.MaxDepth);
            }
            else
            {
                Assert.NotEmpty(diagnostics);
            }
        });
    }

    [Fact]
    public void Seven_hundred_nested_parentheses_parse_on_a_small_stack()
        => OnSmallStack(() => Assert.True(ExprParser.TryParse(Repeat("(", 700) + "1" + Repeat(")", 700), out _, out var diagnostics), string.Join("\n", diagnostics)));

    [Fact]
    public void A_chain_as_long_as_the_limit_parses_and_one_more_does_not()
    {
        Assert.True(ExprParser.TryParse("true" + Repeat(" && true", CedarLimits.MaxDepth - 1), out var expression, out _));
        Assert.Equal(CedarLimits.MaxDepth, expression.Depth);
        Assert.False(ExprParser.TryParse("true" + Repeat(" && true", CedarLimits.MaxDepth), out _, out var diagnostics));
        Assert.Contains("nested deeper", Assert.Single(diagnostics).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "true", " && true")]
    [InlineData("", "context", ".a")]
    [InlineData("[", "1", "]")]
    [InlineData("!(", "true", ")")]
    [InlineData("if true then ", "1", " else 2")]
    public void What_parses_on_a_small_stack_is_written_formatted_and_read_on_it(string open, string middle, string close) => OnSmallStack(() =>
    {
        const int Depth = 600;
        var text = $"permit(principal, action, resource) when {{ {Repeat(open, Depth)}{middle}{Repeat(close, Depth)} }};";
        var policy = Assert.Single(PolicySet.Parse(text).Policies);
        var json = PolicyJson.Write(policy);
        Assert.Equal(json, PolicyJson.Write(PolicyJson.Parse("p", json)));
        Assert.Equal(json, PolicyJson.Write(Assert.Single(PolicySet.Parse(PolicyFormatter.Format(policy)).Policies)));
        Assert.Equal(json, PolicyJson.Write(Assert.Single(PolicySet.Parse(PolicyFormatter.Format(text)).Policies)));
    });

    [Fact]
    public void A_text_full_of_mistakes_is_read_in_linear_time_and_reported_in_part()
    {
        Assert.False(PolicySet.TryParse(Repeat("x;", Many), PolicyIdSource.Position, out _, out var diagnostics));
        Assert.InRange(diagnostics.Length, 1, 100);
    }

    private static string Repeat(string text, int count) => new StringBuilder(text.Length * count).Insert(0, text, count).ToString();

    private static void OnSmallStack(Action action)
    {
        Exception? failure = null;
        var thread = new Thread(
            () =>
            {
                try
                {
                    action();
                }
                catch (Exception exception)
                {
                    failure = exception;
                }
            },
            1024 * 1024);
        thread.Start();
        thread.Join();
        Assert.Null(failure);
    }
}
