using AgentGate.Identity;

namespace AgentGate.Tests.Identity;

/// <summary>The published model of risk: the greatest risk counts, and says what is owed.</summary>
public sealed class RiskModelTests
{
    [Theory]
    [InlineData("viewer", 1, 1, 0, true, 1, 1, "")]
    [InlineData("viewer", 1, 2, 0, false, 2, 2, "")]
    [InlineData("viewer", 3, 2, 0, false, 2, 2, "")]
    [InlineData("developer", 1, 1, 0, true, 1, 1, "")]
    [InlineData("developer", 1, 2, 0, false, 2, 2, "")]
    [InlineData("developer", 2, 2, 0, true, 2, 2, "")]
    [InlineData("admin", 1, 0, 0, false, 2, 2, "")]
    [InlineData("admin", 2, 0, 0, true, 2, 2, "")]
    [InlineData("admin", 2, 0, 3, true, 3, 2, "step_up_auth,human_approval")]
    [InlineData("admin", 3, 3, 0, true, 3, 2, "human_approval")]
    [InlineData("admin", 2, 4, 0, false, 4, 3, "step_up_auth,human_approval,dual_control")]
    [InlineData("admin", 3, 0, 4, true, 4, 3, "human_approval,dual_control")]
    public void The_greatest_risk_says_what_is_needed(string role, int assurance, int sensitivity, int threat, bool allowed, int effective, int required, string obligations)
    {
        var verdict = RiskModel.Judge([role], (Assurance)assurance, sensitivity, threat);

        Assert.Equal((allowed, effective, required), (verdict.Allowed, verdict.Effective, (int)verdict.Required));
        Assert.Equal(obligations, string.Join(',', verdict.Obligations));
    }

    [Fact]
    public void Whoever_has_no_role_is_denied_whatever_it_asks() => Assert.False(RiskModel.Judge([], Assurance.A3, 0, 0).Allowed);

    [Fact]
    public void More_risk_never_allows_what_less_denies_and_more_assurance_never_denies_what_less_allows()
    {
        foreach (var role in Roles.All)
        {
            for (var risk = 0; risk < RiskModel.RiskMax; risk++)
            {
                foreach (var assurance in new[] { Assurance.A1, Assurance.A2 })
                {
                    Assert.False(!RiskModel.Judge([role], assurance, risk, 0).Allowed && RiskModel.Judge([role], assurance, risk + 1, 0).Allowed);
                    Assert.False(RiskModel.Judge([role], assurance, risk, 0).Allowed && !RiskModel.Judge([role], assurance + 1, risk, 0).Allowed);
                }
            }
        }
    }
}
