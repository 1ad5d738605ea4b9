using AgentGate.Cedar.Schema;

namespace AgentGate.Cedar.Tests.Schema;

/// <summary>The Cedar schema syntax: what it lets through and where it says no.</summary>
public sealed class SchemaParserTests
{
    [Theory]
    [InlineData("")]
    [InlineData("// only a comment")]
    [InlineData("// a comment\r\nentity A; // and one more")]
    [InlineData("entity A;")]
    [InlineData("entity A, B, C;")]
    [InlineData("entity A in A;")]
    [InlineData("entity A in [];")]
    [InlineData("entity A; entity B in [A, B];")]
    [InlineData("entity A {};")]
    [InlineData("entity A = {};")]
    [InlineData("entity A { a: Long };")]
    [InlineData("entity A = { a: Long, };")]
    [InlineData("entity A { a?: Long, \"b c\": String, \"if\": Bool };")]
    [InlineData("entity A tags Set<String>;")]
    [InlineData("entity A = { a: A } tags { x: Long };")]
    [InlineData("entity A enum [\"\"];")]
    [InlineData("entity A, B enum [\"a\", \"b\", \"a\"];")]
    [InlineData("entity enum enum [\"a\"]; entity tags tags Long; entity namespace; entity action in entity; entity entity; entity principal, resource, context;")]
    [InlineData("entity Set; entity A { a: Set<Set>, b: Set };")]
    [InlineData("entity Long; entity A { a: Long, b: __cedar::Long };")]
    [InlineData("type attributes = { type: Long }; entity appliesTo = attributes; ", false)]
    [InlineData("type T = Long; entity A { t: T };")]
    [InlineData("type T = { a: Set<{ b?: U }> }; type U = ipaddr;")]
    [InlineData("action a;")]
    [InlineData("action \"a b\", c, \"\", \"\\u{1f600}\";")]
    [InlineData("action a; action b in a; action c in [a, \"b\"]; action d in Action::\"c\"; action e in [Action::\"d\"];")]
    [InlineData("action a attributes {};")]
    [InlineData("entity A; action a appliesTo { principal: A, resource: [A] };")]
    [InlineData("entity A; action a appliesTo { resource: [A, A], principal: [A], context: {}, } attributes {};")]
    [InlineData("entity A; type C = { x: Long }; action a appliesTo { context: C, resource: A, principal: A };")]
    [InlineData("namespace N { }")]
    [InlineData("namespace N { entity A; } entity B in N::A; namespace M::O { entity C in [B, N::A]; }")]
    [InlineData("@doc(\"x\") @in @if(\"\") namespace N { @doc(\"y\") entity A { @doc(\"z\") a: Long }; @a action b; @c type d = Long; }")]
    [InlineData("namespace N { action a; } namespace M { action b in N::Action::\"a\"; } action c in [M::Action::\"b\"];")]
    [InlineData("action a; entity A { a: Action, b: Set<Action> };")]
    [InlineData("type A = Long; entity A { a: A };")]
    [InlineData("entity A { a: datetime, b: decimal, c: duration, d: __cedar::ipaddr, e: __cedar::Bool };")]
    [InlineData("type ipaddr = Long; entity A { a: ipaddr };")]
    [InlineData("entity A { a: Long, a: String };")]
    public void What_the_grammar_says_is_read(string text, bool isRead = true)
    {
        if (isRead)
        {
            Assert.NotNull(CedarSchema.Parse(text));
        }
        else
        {
            Assert.Throws<SchemaException>(() => CedarSchema.Parse(text));
        }
    }

    [Theory]
    [InlineData("entity A", 1, 9, "unexpected end of the schema")]
    [InlineData("entity A\nentity B;", 2, 1, "unexpected `entity`")]
    [InlineData("entity\n  if;", 2, 3, "`if` is reserved")]
    [InlineData("entity A, ;", 1, 11, "unexpected `;`")]
    [InlineData("entity A in [A,];", 1, 16, "unexpected `]`")]
    [InlineData("entity A enum [];", 1, 16, "unexpected `]`")]
    [InlineData("entity A enum [\"a\",];", 1, 20, "unexpected `]`")]
    [InlineData("entity A enum [a];", 1, 16, "unexpected `a`")]
    [InlineData("entity A enum [\"a\"] { a: Long };", 1, 21, "unexpected `{`")]
    [InlineData("entity A enum [\"a\"] tags Long;", 1, 21, "unexpected `tags`")]
    [InlineData("entity A in B enum [\"a\"];", 1, 15, "unexpected `enum`")]
    [InlineData("entity A { a Long };", 1, 14, "unexpected `Long`")]
    [InlineData("entity A { a: Long b: Long };", 1, 20, "unexpected `b`")]
    [InlineData("entity A { if: Long };", 1, 12, "`if` is reserved")]
    [InlineData("entity A { a: Set<Long };", 1, 24, "unexpected `}`")]
    [InlineData("entity A { a: \"Long\" };", 1, 15, "unexpected `\"Long\"`")]
    [InlineData("entity A::B;", 1, 9, "unexpected `::`")]
    [InlineData("entity \"A\";", 1, 8, "unexpected `\"A\"`")]
    [InlineData("type T = Long", 1, 14, "unexpected end")]
    [InlineData("type \"T\" = Long;", 1, 6, "unexpected")]
    [InlineData("action a appliesTo {};", 1, 21, "unexpected `}`")]
    [InlineData("entity A; action a appliesTo { principal: A };", 1, 18, "no `resource`")]
    [InlineData("entity A; action a appliesTo { resource: A };", 1, 18, "no `principal`")]
    [InlineData("entity A; action a appliesTo { principal: [], resource: A };", 1, 32, "names no principal type")]
    [InlineData("entity A; action a appliesTo { principal: A, resource: [] };", 1, 46, "names no resource type")]
    [InlineData("entity A; action a appliesTo { principal: A, principal: A, resource: A };", 1, 46, "`principal` twice")]
    [InlineData("entity A; action a appliesTo { principal: A, resource: A, context: {}, context: {} };", 1, 72, "`context` twice")]
    [InlineData("entity A; action a appliesTo { principals: A };", 1, 32, "unexpected `principals`")]
    [InlineData("action a attributes { x: Long };", 1, 23, "unexpected `x`")]
    [InlineData("action a in [];", 1, 14, "unexpected `]`")]
    [InlineData("action a in N::b;", 1, 17, "unexpected `;`")]
    [InlineData("namespace N { namespace M {} }", 1, 15, "unexpected `namespace`")]
    [InlineData("namespace \"N\" {}", 1, 11, "unexpected")]
    [InlineData("namespace N { entity A;", 1, 24, "unexpected end")]
    [InlineData("entity A; }", 1, 11, "unexpected `}`")]
    [InlineData("@a", 1, 3, "unexpected end")]
    [InlineData("@a @b @a entity A;", 1, 7, "`@a` stands here twice")]
    [InlineData("@\"a\" entity A;", 1, 2, "unexpected")]
    [InlineData("@a(b) entity A;", 1, 4, "unexpected `b`")]
    [InlineData("entity A = 1;", 1, 12, "no numbers")]
    [InlineData("entity A # b;", 1, 10, "unexpected `#`")]
    [InlineData("entity A /* b */;", 1, 10, "unexpected `/`")]
    [InlineData("entity \ud83d\ude00;", 1, 8, "unexpected `\ud83d\ude00`")]
    [InlineData("action \"a", 1, 8, "does not end")]
    [InlineData("action \"\\q\";", 1, 9, "is no escape")]
    [InlineData("action \"a\\x80\";", 1, 10, "`\\x` needs")]
    [InlineData("action \"\\u{d800}\";", 1, 9, "scalar value")]
    [InlineData("action \"\\u{}\";", 1, 9, "scalar value")]
    [InlineData("action \"\\u{1234567}\";", 1, 9, "scalar value")]
    [InlineData("action \"\\u{_1}\";", 1, 9, "scalar value")]
    [InlineData("action \"a\rb\";", 1, 10, "carriage return")]
    public void What_the_grammar_does_not_say_is_refused_where_it_stands(string text, int line, int column, string message)
    {
        var problem = Assert.Single(Assert.Throws<SchemaException>(() => CedarSchema.Parse(text)).Diagnostics);
        Assert.Contains(message, problem.Message, StringComparison.Ordinal);
        Assert.Equal((line, column), (problem.Line, problem.Column));
    }

    [Fact]
    public void A_message_shows_the_line_with_a_caret_and_says_what_to_do()
    {
        var problem = Assert.Single(Assert.Throws<SchemaException>(() => CedarSchema.Parse("entity User;\nentity Photo { owner: Uzer };")).Diagnostics);
        Assert.Equal(
            "2:23: `Uzer` is not declared as a common type or an entity type\n2 | entity Photo { owner: Uzer };\n  |                       ^^^^\nhelp: did you mean `User`?",
            problem.ToString());
    }

    [Theory]
    [InlineData("\\n\\r\\t\\0\\\\\\\"\\'", "\n\r\t\0\\\"'")]
    [InlineData("\\x41\\x7f", "A\u007f")]
    [InlineData("\\u{41}\\u{1f6_00}\\u{10FFFF}", "A\ud83d\ude00\U0010FFFF")]
    [InlineData("a\nb", "a\nb")]
    public void Strings_have_the_escapes_of_policies(string literal, string value)
        => Assert.Equal(value, Assert.Single(CedarSchema.Parse($"action \"{literal}\";").Actions.Keys).Id);

    [Fact]
    public void Nesting_is_bounded()
    {
        var deep = new string('x', 200_000).Replace("x", "Set<", StringComparison.Ordinal);
        Assert.Contains("deeper than", Assert.Throws<SchemaException>(() => CedarSchema.Parse($"type T = {deep}")).Message, StringComparison.Ordinal);
        var records = new string('x', 200_000).Replace("x", "{a:", StringComparison.Ordinal);
        Assert.Contains("deeper than", Assert.Throws<SchemaException>(() => CedarSchema.Parse($"type T = {records}")).Message, StringComparison.Ordinal);
        Assert.NotNull(CedarSchema.Parse($"type T = {deep[..(4 * 900)]}Long{new string('>', 900)};"));
    }

    [Fact]
    public void Text_that_is_no_unicode_is_refused()
        => Assert.Throws<SchemaException>(() => CedarSchema.Parse("action \"\ud800\";"));
}
