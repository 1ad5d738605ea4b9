using AgentGate.Threats;

namespace AgentGate.Tests.Threats.Sql;

public sealed class NoSqlAnalyzerTests
{
    [Theory]
    [InlineData("nosql.operator", "{\"$gt\":\"\"}")]
    [InlineData("nosql.operator", "{ $ne: 1 }")]
    [InlineData("nosql.operator", "username[$ne]=toto&password[$ne]=toto")]
    [InlineData("nosql.operator", "[$regex]=.*")]
    [InlineData("nosql.operator", "{\"user\": {\"$in\": [\"admin\"]}}")]
    [InlineData("nosql.operator", "', $or: [ {}, { 'a':'a")]
    [InlineData("nosql.script", "1, $where: '1 == 1'")]
    [InlineData("nosql.script", "{\"$where\": \"sleep(100)\"}")]
    [InlineData("nosql.script", "'; return true; var x='")]
    [InlineData("nosql.script", "0;return true")]
    [InlineData("nosql.script", "\";return(true);var xyz='a")]
    [InlineData("nosql.script", "'; while(1); var x='")]
    [InlineData("nosql.script", "';sleep(5000);")]
    [InlineData("nosql.condition", "|| 1==1//")]
    [InlineData("nosql.condition", "' && this.password.match(/.*/)//")]
    [InlineData("nosql.condition", "' || 'a'=='a")]
    [InlineData("nosql.collection", "db.users.drop()")]
    [InlineData("nosql.collection", "1'; db.users.remove({}); //")]
    public void Each_rule_catches_its_structure_in_an_argument(string rule, string text)
    {
        var hits = Judging.NoSql.Judge(text, ThreatContext.Argument);

        Assert.Contains(hits.Found, hit => hit.Rule == rule && hit.Score >= 50);
        Assert.All(hits.Found, hit => Assert.Equal(ThreatSeverity.High, hit.Severity));
    }

    [Theory]
    [InlineData("{\"$gt\":\"\"}")]
    [InlineData("username[$ne]=1")]
    [InlineData("'; return true; var x='")]
    [InlineData("', $where: '1 == 1'")]
    [InlineData("' && this.password.match(/.*/)//")]
    public void What_breaks_out_is_an_attack_in_chat_as_well(string text) => Assert.True(Judging.NoSql.BlocksChat(text));

    [Theory]
    [InlineData("It costs $5 or $10")]
    [InlineData("cost is ${price}")]
    [InlineData("{\"price\": \"$in stock\"}")]
    [InlineData("return true to the sender; var is a keyword")]
    [InlineData("if (a || b == c) { x(); }")]
    [InlineData("echo \"done\"; return; echo \"never\"")]
    [InlineData("{\"$schema\": \"http://json-schema.org\", \"$ref\": \"#/x\"}")]
    [InlineData("for $where in the list")]
    [InlineData("my db.sqlite file; this.one too")]
    [InlineData("awk '{print $1}' && this works")]
    public void What_people_and_tools_say_passes(string text)
    {
        Assert.False(Judging.NoSql.BlocksArgument(text));
        Assert.False(Judging.NoSql.BlocksChat(text));
    }

    [Theory]
    [InlineData("How do I write db.users.find({ age: { $gt: 25 } }) in C#?")]
    [InlineData("Use { $set: { a: 1 } } with { $in: [1, 2] }")]
    [InlineData("db.users.drop() removes the collection")]
    public void A_query_may_be_shown_in_chat(string text) => Assert.False(Judging.NoSql.BlocksChat(text));
}
