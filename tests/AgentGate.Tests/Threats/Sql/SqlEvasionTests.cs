using AgentGate.Threats;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace AgentGate.Tests.Threats.Sql;

public sealed class SqlEvasionTests
{
    private static readonly string[] s_attacks =
    [
        "admin' or 'a'='a", "1 or 1=1", "' union select password from users --", "1 union all select 1,2,3", "x'; drop table users; --", "1; delete from users", "' and sleep(5) --",
        "1 waitfor delay '0:0:5'", "' order by 9 --", "' having 1=1 --", "1 and extractvalue(1,2)", "select password from information_schema.tables", "' and (select 1)=1 --",
        "1 into outfile '/tmp/x'", "'; exec xp_cmdshell 'dir' --", "' or 2 between 1 and 3 --", "1 and ascii(substring(version(),1,1)) > 50",
    ];

    private static readonly string[] s_gaps = [" ", "  ", "\t", "\n", "/**/", "/*x*/", " /* a b */ ", "/**//**/", "\u00a0", "\r\n", "\f"];

    private static Arbitrary<(string Attack, string Text)> Disguised()
    {
        var disguises = from attack in Gen.Elements(s_attacks)
                        from gaps in Gen.Elements(s_gaps).ArrayOf(32)
                        from upper in ArbMap.Default.GeneratorFor<bool>().ArrayOf(96)
                        select (attack, Disguise(attack, gaps, upper));
        return disguises.ToArbitrary();
    }

    /// <summary>Changes the case of letters and what stands between words, outside of strings.</summary>
    private static string Disguise(string attack, string[] gaps, bool[] upper)
    {
        var text = new System.Text.StringBuilder();
        var gap = 0;
        for (var at = 0; at < attack.Length; at++)
        {
            if (attack[at] == ' ' && at > 0 && attack[at - 1] != '-')
            {
                text.Append(gaps[gap++ % gaps.Length]);
            }
            else
            {
                text.Append(upper[at % upper.Length] ? char.ToUpperInvariant(attack[at]) : attack[at]);
            }
        }

        return text.ToString();
    }

    [Property(MaxTest = 5000)]
    public Property Case_comments_and_space_do_not_hide_an_attack() => Prop.ForAll(Disguised(), disguised =>
        Judging.Sql.BlocksArgument(disguised.Text).Label($"{disguised.Attack} as {disguised.Text}"));

    [Theory]
    [InlineData("it's me, ")]
    [InlineData("don't mind 'me' or \"you\"; ")]
    [InlineData("\"' ")]
    [InlineData("/* ' */ ")]
    [InlineData("-- \n")]
    [InlineData("'quoted' ")]
    [InlineData("O'Brien's ")]
    [InlineData("SELECT ")]
    public void What_stands_before_a_breakout_does_not_hide_it(string before)
    {
        foreach (var attack in new[] { "admin' or 'a'='a", "x' union select password from users --", "x'; drop table users; --", "x' and sleep(5) --" })
        {
            Assert.True(Judging.Sql.BlocksArgument(before + attack), before + attack);
        }
    }

    [Theory]
    [InlineData("’ or ’a’=’a")]
    [InlineData("“ or “a”=“a")]
    [InlineData("' or 0x61=0x61")]
    [InlineData("' or 1e0=1.0")]
    [InlineData("'or(1)=(1)--")]
    [InlineData("'||'1'||'")]
    [InlineData("1'or'1'='1")]
    [InlineData("' or not 1=2 --")]
    [InlineData("' or !(1<>1) --")]
    [InlineData("' or ~1=~1 --")]
    [InlineData("' or 'a'||'b'='ab' --")]
    [InlineData("' or 2>1 -- x")]
    [InlineData("' or true --")]
    [InlineData("' xor 1=2 --")]
    [InlineData("') or ('a')=('a")]
    [InlineData("1 or\n-- comment\n1=1")]
    [InlineData("1 or #comment\n1=1")]
    [InlineData("1 un/*'*/ or 1=1 --")]
    [InlineData("1 union/*'*/select/*'*/2")]
    [InlineData("1;/*'*/drop table users")]
    public void Other_ways_to_write_the_same_are_caught(string text) => Assert.True(Judging.Sql.BlocksArgument(text));

    [Fact]
    public void The_strongest_structure_decides_however_many_weak_ones_stand_before_it()
    {
        var text = string.Concat(Enumerable.Repeat("@@version ", 200)) + "' or 'a'='a";

        Assert.True(Judging.Sql.Judge(text, ThreatContext.Argument).Top >= 90);
    }
}
