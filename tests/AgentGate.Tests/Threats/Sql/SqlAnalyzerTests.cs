using AgentGate.Threats;

namespace AgentGate.Tests.Threats.Sql;

public sealed class SqlAnalyzerTests
{
    [Theory]
    [InlineData("admin' OR '1'='1")]
    [InlineData("admin'--")]
    [InlineData("' UNION SELECT * FROM users --")]
    [InlineData("'; shutdown with nowait; --")]
    [InlineData("'; DROP TABLE users; --")]
    [InlineData("'; DROP TABLE users--")]
    [InlineData("admin' AND 1=1--")]
    [InlineData("' OR 'x'='x")]
    [InlineData("admin' /*")]
    [InlineData("' OR 1=1#")]
    [InlineData("24 OR 1=1")]
    [InlineData("60'; DELETE FROM traces--")]
    [InlineData("1 UNION SELECT * FROM users")]
    [InlineData("read_file' OR '1'='1")]
    [InlineData("Test Dataset'; DROP TABLE datasets--")]
    [InlineData("Updated'; DELETE FROM datasets--")]
    [InlineData("test'; DROP TABLE users--@example.com")]
    [InlineData("SELECT/**/password/**/FROM/**/users")]
    [InlineData("' oR 1=1 LIMIT 1")]
    [InlineData("Hello, my name is admin' OR '1'='1, what is my balance?")]
    [InlineData("Please look up O'Brien and then x'; drop table orders; --")]
    public void What_breaks_out_of_a_string_is_an_attack_in_chat_as_well(string text)
    {
        Assert.True(Judging.Sql.BlocksArgument(text));
        Assert.True(Judging.Sql.BlocksChat(text));
    }

    [Theory]
    [InlineData("I have a cat")]
    [InlineData("What type of file is this?")]
    [InlineData("issue #42")]
    [InlineData("I have a cat | issue #42")]
    [InlineData("C# developer")]
    [InlineData("a -- b")]
    [InlineData("My password is Abc#12345")]
    [InlineData("Tom & Jerry || friends")]
    [InlineData("select the best option from the list")]
    [InlineData("union select committee meeting notes")]
    [InlineData("Please update; delete old rows later")]
    [InlineData("O'Brien")]
    [InlineData("it's 1=1 in maths")]
    [InlineData("Hello, World!")]
    [InlineData("user@example.com")]
    [InlineData("Product description: High quality item")]
    [InlineData("hello {{name}}")]
    [InlineData("cost is ${price}")]
    [InlineData("The kids' -- all of them -- went home")]
    [InlineData("Is it 'A' or 'B' or 'C'?")]
    [InlineData("status = 'open' or status = 'closed'")]
    [InlineData("price > 5 and color = 'red'")]
    [InlineData("5' 10\" or 6' = tall")]
    [InlineData("necklace length 16\" or 18\"")]
    [InlineData("\"RECLAIMED WOOD\" + \"SIGN\"")]
    [InlineData("drop the table; then create a new one")]
    [InlineData("files whose names begin with \"Foto\"")]
    [InlineData("call me (maybe)")]
    [InlineData("Union members select a delegate from each table")]
    [InlineData("Rock 'n' roll and 5's company")]
    [InlineData("grant me access to the report; use it well")]
    [InlineData("order by 5 pm")]
    [InlineData("2 or 3 like minded people")]
    [InlineData("if (x == 'a' || y == 'b') { return; }")]
    public void What_people_and_tools_say_passes_everywhere(string text)
    {
        Assert.False(Judging.Sql.BlocksArgument(text));
        Assert.False(Judging.Sql.BlocksChat(text));
    }

    [Theory]
    [InlineData("SELECT name, age FROM customers WHERE age > 25 ORDER BY age DESC;")]
    [InlineData("select a from t union select b from u")]
    [InlineData("SELECT 1;\nDROP TABLE users;")]
    [InlineData("INSERT INTO t (a, b) VALUES (1, 'it''s'), (2, 'x');")]
    [InlineData("SELECT * FROM t WHERE a = 'x' OR b = 'y' -- both")]
    [InlineData("UPDATE t SET a = 1 WHERE id = 3")]
    [InlineData("SELECT * FROM t WHERE 1=1 AND name LIKE '%Houston%'; SELECT 2;")]
    [InlineData("WITH x AS (SELECT 1) SELECT * FROM x")]
    [InlineData("What does SELECT * FROM users WHERE id = 1 OR 1=1 return?")]
    public void A_whole_statement_may_be_shown_in_chat_and_stands_out_as_an_argument(string text)
    {
        Assert.False(Judging.Sql.BlocksChat(text));
        Assert.True(Judging.Sql.BlocksArgument(text));
    }

    [Theory]
    [InlineData("sql.tautology", "1 or 2 between 1 and 3")]
    [InlineData("sql.tautology", "x' or 'ab' like 'a%")]
    [InlineData("sql.tautology", "1) or (1=1")]
    [InlineData("sql.tautology", "' and (('a'='a")]
    [InlineData("sql.tautology", "5 && 1=1")]
    [InlineData("sql.tautology", "' or name=name --")]
    [InlineData("sql.condition", "' and email is null; --")]
    [InlineData("sql.condition", "1 and (select count(*) from t) > 0")]
    [InlineData("sql.condition", "' || (select pw from users limit 1) = 'x")]
    [InlineData("sql.filter", "' having 1=1--")]
    [InlineData("sql.union", "-1 union all select 1,2,3")]
    [InlineData("sql.union", "1 union(select 1)")]
    [InlineData("sql.union", "0/*!50000union*//*!select*/1")]
    [InlineData("sql.union", "1--\nunion select 2")]
    [InlineData("sql.union", "1+union+select+2")]
    [InlineData("sql.stacked", "1; update users set admin = 1")]
    [InlineData("sql.stacked", "1;exec('sel'+'ect 1')")]
    [InlineData("sql.stacked", "'; if (1=1) waitfor delay '0:0:5'--")]
    [InlineData("sql.time", "1 waitfor delay '0:0:5'")]
    [InlineData("sql.time", "' and sleep(5)#")]
    [InlineData("sql.time", "1);select pg_sleep(5)--")]
    [InlineData("sql.time", "benchmark(1000000,md5(1))")]
    [InlineData("sql.time", "'; begin dbms_lock.sleep(5); end;--")]
    [InlineData("sql.sorting", "1' order by 9--")]
    [InlineData("sql.sorting", "' group by userid having 1=1--")]
    [InlineData("sql.file", "1 into outfile '/tmp/x'")]
    [InlineData("sql.function", "1 and extractvalue(1,concat(0x7e,version()))")]
    [InlineData("sql.function", "load_file('/etc/passwd')")]
    [InlineData("sql.probe", "1 procedure analyse(extractvalue(1,2),1)")]
    [InlineData("sql.probe", "ascii(substring(version(),1,1))")]
    [InlineData("sql.probe", "case when 1=1 then 1 else 0 end")]
    [InlineData("sql.probe", "if(1=1,2,3)")]
    [InlineData("sql.probe", "@@version")]
    [InlineData("sql.system", "table_name from information_schema.tables")]
    [InlineData("sql.continuation", "x' - 'y")]
    [InlineData("sql.continuation", "'+(select 1)+'")]
    [InlineData("sql.truncation", "'; --")]
    [InlineData("sql.truncation", "admin'#")]
    [InlineData("sql.statement", "exec master..xp_cmdshell 'dir'")]
    [InlineData("sql.statement", "declare @s varchar(20)")]
    [InlineData("sql.statement", "(select login from users limit 1,1)")]
    public void Each_rule_catches_its_structure_in_an_argument(string rule, string text)
    {
        var hits = Judging.Sql.Judge(text, ThreatContext.Argument);

        Assert.Contains(hits.Found, hit => hit.Rule == rule && hit.Score >= 50);
        Assert.All(hits.Found, hit => Assert.Equal(ThreatSeverity.Critical, hit.Severity));
    }

    [Theory]
    [InlineData("'; DROP TABLE users; --")]
    [InlineData("admin' OR '1'='1")]
    [InlineData("SELECT/**/password/**/FROM/**/users")]
    public void A_fenced_block_may_show_even_an_attack(string text) => Assert.False(Judging.Sql.Blocks(text, ThreatContext.Code));

    [Theory]
    [InlineData("SELECT a, b FROM t WHERE c = 'x' OR d = 4", false)]
    [InlineData("SELECT a FROM t UNION SELECT b FROM u ORDER BY 1", false)]
    [InlineData("SELECT * FROM t WHERE 1=1 AND a = 2", false)]
    [InlineData("UPDATE t SET a = 1 WHERE b = 2", false)]
    [InlineData("SELECT version()", false)]
    [InlineData("SELECT * FROM t WHERE a = '' OR 1=1", true)]
    [InlineData("SELECT * FROM t WHERE a = '' OR 'x'='x'", true)]
    [InlineData("SELECT 1; DROP TABLE t", true)]
    [InlineData("SELECT * FROM t WHERE a = 1 AND sleep(5)", true)]
    [InlineData("SELECT pg_sleep(10)", true)]
    [InlineData("SELECT a FROM t INTO OUTFILE '/tmp/x'", true)]
    [InlineData("EXEC xp_cmdshell 'dir'", true)]
    public void Where_a_tool_declares_sql_only_what_no_query_needs_is_stopped(string text, bool blocked)
        => Assert.Equal(blocked, Judging.Sql.Blocks(text, ThreatContext.Argument, ArgumentKind.Sql));

    [Fact]
    public void An_encoded_fragment_weighs_more_than_a_written_one()
    {
        var plain = new AgentGate.Threats.Detection.ThreatHits();
        var decoded = new AgentGate.Threats.Detection.ThreatHits();
        Judging.Sql.Analyze(new("1 or 1=1", ThreatContext.Chat), plain);
        Judging.Sql.Analyze(new("1 or 1=1", ThreatContext.Chat, isDecoded: true), decoded);

        Assert.True(decoded.Top > plain.Top);
    }
}
