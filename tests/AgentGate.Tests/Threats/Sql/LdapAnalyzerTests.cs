using AgentGate.Threats;

namespace AgentGate.Tests.Threats.Sql;

public sealed class LdapAnalyzerTests
{
    [Theory]
    [InlineData("ldap.filter", "*)(uid=*")]
    [InlineData("ldap.filter", "*)(|(uid=*")]
    [InlineData("ldap.filter", "admin)(&)")]
    [InlineData("ldap.filter", "admin)(!(&(1=0")]
    [InlineData("ldap.filter", ")(cn=*))%00")]
    [InlineData("ldap.filter", "*))(|(objectclass=*")]
    [InlineData("ldap.filter", "*(|(mail=*))")]
    [InlineData("ldap.filter", "admin*)((|userPassword=*)")]
    [InlineData("ldap.filter", "x)(department:caseExactMatch:=y")]
    [InlineData("ldap.signs", "\\28")]
    [InlineData("ldap.signs", "*|")]
    [InlineData("xpath.function", "count(/child::node())")]
    [InlineData("xpath.function", "' and count(//user)=1 or 'a'='b")]
    [InlineData("xpath.function", "x' or name()='username' or 'x'='y")]
    [InlineData("xpath.function", "string-length(name(/*[1]))=4")]
    [InlineData("xpath.axis", "parent::*/child::node()")]
    [InlineData("xpath.union", "x']|//*|/a['y")]
    [InlineData("xpath.union", "x') ] | //user/*[contains(*,'")]
    public void Each_rule_catches_its_structure_in_an_argument(string rule, string text)
    {
        var hits = Judging.Ldap.Judge(text, ThreatContext.Argument);

        Assert.Contains(hits.Found, hit => hit.Rule == rule && hit.Score >= 50);
        Assert.All(hits.Found, hit => Assert.Equal(ThreatSeverity.High, hit.Severity));
    }

    [Theory]
    [InlineData("*)(uid=*")]
    [InlineData("admin)(&)")]
    [InlineData(")(cn=*))%00")]
    [InlineData("x']|//*|/a['y")]
    public void What_breaks_out_is_an_attack_in_chat_as_well(string text) => Assert.True(Judging.Ldap.BlocksChat(text));

    [Theory]
    [InlineData("(&(objectClass=user)(cn=Bob))")]
    [InlineData("(|(mail=a@example.com)(uid=a))")]
    [InlineData("f(x)(y)")]
    [InlineData("The function g(a)(b=2) in Scala")]
    [InlineData("std::vector<int>::iterator and parent::__construct()")]
    [InlineData("smile :) (really)")]
    [InlineData("report*")]
    [InlineData("*")]
    [InlineData("/")]
    [InlineData("see https://example.com/a(b)(c)")]
    [InlineData("(note: a) b) c) are options (x=1)")]
    [InlineData("count(/8)*2")]
    [InlineData("[1] | [2] | [3]")]
    [InlineData("a comment (* in Pascal *) here")]
    public void What_people_and_tools_say_passes(string text)
    {
        Assert.False(Judging.Ldap.BlocksArgument(text));
        Assert.False(Judging.Ldap.BlocksChat(text));
    }
}
