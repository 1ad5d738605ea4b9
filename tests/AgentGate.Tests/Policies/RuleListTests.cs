using AgentGate.Diagnostics;
using AgentGate.Kernel.Decisions;
using AgentGate.Pipeline;
using AgentGate.Policies;

namespace AgentGate.Tests.Policies;

/// <summary>The short form of policies in configuration: what it said before policies were Cedar, it says still.</summary>
public sealed class RuleListTests
{
    private readonly PolicyFixture _fixture = new();
    private PolicyOptions Options => _fixture.Options;

    private string? Refusal(string action, EntityRef resource) => _fixture.Refusal(action, resource);

    [Fact]
    public void Nothing_is_permitted_by_default()
        => Assert.All(GateActions.All, action => Assert.Equal(Codes.NotPermitted, Refusal(action, EntityRef.Tool("m"))));

    [Fact]
    public void The_shipped_default_permits_what_the_gate_can_judge_and_nothing_the_provider_does_by_itself()
    {
        Options.UseShippedDefault = true;
        _fixture.Tools.Internal.Add("crm_*");

        Assert.Null(Refusal(GateActions.CallModel, EntityRef.Model("m")));
        Assert.Null(Refusal(GateActions.CallTool, EntityRef.Tool("anything")));
        Assert.Null(Refusal(GateActions.RestoreValues, EntityRef.Tool("crm_find")));
        Assert.Equal(Codes.NotPermitted, Refusal(GateActions.RestoreValues, EntityRef.Tool("send_mail")));
        Assert.Equal(Codes.NotPermitted, Refusal(GateActions.UseProviderTool, new EntityRef(EntityRef.ProviderToolType, "openai/web_search")));
        Assert.Equal(Codes.NotPermitted, Refusal(GateActions.FetchContent, new EntityRef(EntityRef.FetchedContentType, "file_id")));
    }

    [Theory]
    [InlineData("delete_user")]
    [InlineData("Delete_User")]
    [InlineData("DELETE_USER")]
    public void A_forbid_overrides_a_permit_in_any_case(string tool)
    {
        Options.Permit.Add(new PolicyRule());
        Options.Forbid.Add(new PolicyRule { Action = "callTool", Resource = "delete_*" });

        Assert.Equal(Codes.Forbidden, Refusal(GateActions.CallTool, EntityRef.Tool(tool)));
        Assert.Null(Refusal(GateActions.CallTool, EntityRef.Tool("read_user")));
    }

    [Fact]
    public void A_forbid_matches_every_normal_form()
    {
        Options.Permit.Add(new PolicyRule());
        Options.Forbid.Add(new PolicyRule { Resource = "caf\u00e9_*" });

        Assert.Equal(Codes.Forbidden, Refusal(GateActions.CallTool, EntityRef.Tool("cafe\u0301_close")));
        Assert.Equal(Codes.Forbidden, Refusal(GateActions.CallTool, EntityRef.Tool("CAF\u00c9_close")));
    }

    [Fact]
    public void A_permit_matches_case_exactly()
    {
        Options.Permit.Add(new PolicyRule { Resource = "gpt-4o" });

        Assert.Null(Refusal(GateActions.CallModel, EntityRef.Model("gpt-4o")));
        Assert.Equal(Codes.NotPermitted, Refusal(GateActions.CallModel, EntityRef.Model("GPT-4o")));
    }

    [Theory]
    [InlineData("*", "", true)]
    [InlineData("*", "a?b\\c*d", true)]
    [InlineData("a*c", "abc", true)]
    [InlineData("a*c", "ac", true)]
    [InlineData("a*c", "abd", false)]
    [InlineData("a.c", "abc", false)]
    [InlineData("a", "aa", false)]
    [InlineData("a\\b", "a\\b", true)]
    [InlineData("a?", "ab", false)]
    [InlineData("a*?", "ab", false)]
    [InlineData("*.*", "ab", false)]
    [InlineData("a*", "a\nb", true)]
    public void A_star_stands_for_any_text_and_nothing_else_is_special(string pattern, string text, bool matches)
        => Assert.Equal(matches, Wildcard.IsMatch(pattern, text, ignoreCase: false));
}
