using AgentGate.Cedar.Entities;
using AgentGate.Cedar.Syntax;

namespace AgentGate.Cedar.Tests.Syntax;

public sealed class ExprParserTests
{
    [Theory]
    [InlineData("1.a")]
    [InlineData("\"a\".b")]
    [InlineData("\"a\"[\"b\"]")]
    [InlineData("[2, 3].a[\"b\"]")]
    [InlineData("{principal: 1, permit: 2, when: 3, \"if\": 4}")]
    [InlineData("principal.permit.when.principal.where")]
    [InlineData("principal::\"a\"")]
    [InlineData("permit::when::\"a\" is permit::when")]
    [InlineData("A :: B // comment\n :: \"a b\"")]
    [InlineData("principal is principal")]
    [InlineData("principal is A in B::\"b\" && true")]
    [InlineData("principal has permit.principal")]
    [InlineData("principal has \"if\"")]
    [InlineData("1 - -1")]
    [InlineData("1 --1")]
    [InlineData("1-1")]
    [InlineData("!!!!true")]
    [InlineData("----1")]
    [InlineData("- // minus\n 1")]
    [InlineData("-1.a")]
    [InlineData("[1, 2,]")]
    [InlineData("{a: 1,}")]
    [InlineData("ip(\"a\",)")]
    [InlineData("ip()")]
    [InlineData("ip(1, 2, 3)")]
    [InlineData("context.isIpv4(1, 2)")]
    [InlineData("[].containsAll([])")]
    [InlineData("true\u00a0&&\u2003false\u0085")]
    [InlineData("if 7 then 6 > 5 else !5 || \"x\" && ((8) >= \"y\")")]
    [InlineData("true // comment without end")]
    [InlineData("true // comment\r&& false")]
    [InlineData("\"line\nbreak\"")]
    [InlineData("(if true then 1 else 2) == 1")]
    [InlineData("[if true then 1 else 2, if true then 1 else 2][\"a\"]")]
    public void What_the_language_allows_parses(string text)
    {
        Assert.True(ExprParser.TryParse(text, out var expression, out var diagnostics), string.Join("\n", diagnostics));
        Assert.NotEqual(0, expression.Depth);
    }

    [Theory]
    [InlineData("who", 1, 1, "there is no variable `who`")]
    [InlineData("a::b", 1, 1, "there is no variable `a::b`")]
    [InlineData("who.name", 1, 1, "there is no variable `who`")]
    [InlineData("1 <\n 2 < 3", 2, 4, "`<` cannot follow another relation without parentheses")]
    [InlineData("1 == 2 has a", 1, 8, "`has` cannot follow")]
    [InlineData("principal is A in resource in resource", 1, 28, "`in` cannot follow")]
    [InlineData("context has a + 1", 1, 15, "`+` cannot follow")]
    [InlineData("\"a\" like \"b\" + \"c\"", 1, 14, "`+` cannot follow")]
    [InlineData("!!!!!true", 1, 1, "more than 4 `!` in a row")]
    [InlineData("-----1", 1, 1, "more than 4 `-` in a row")]
    [InlineData("!-1", 1, 2, "expected an operand, found `-`")]
    [InlineData("-!true", 1, 2, "expected an operand, found `!`")]
    [InlineData("1 / 2", 1, 3, "Cedar has no division")]
    [InlineData("1 % 2", 1, 3, "Cedar has no remainder")]
    [InlineData("1 = 2", 1, 3, "`=` is not an operator")]
    [InlineData("1 & 2", 1, 3, "`&` means nothing in Cedar")]
    [InlineData("'a'", 1, 1, "`'` means nothing in Cedar")]
    [InlineData("1 + if true then 1 else 2", 1, 5, "`if` must stand in parentheses here")]
    [InlineData("if true then 1", 1, 15, "expected an operator or `else`, found the end of the text")]
    [InlineData("9223372036854775808", 1, 1, "this integer does not fit in 64 bits")]
    [InlineData("-9223372036854775809", 1, 1, "this integer does not fit in 64 bits")]
    [InlineData("-(9223372036854775808)", 1, 3, "this integer does not fit in 64 bits")]
    [InlineData("-9223372036854775808.a", 1, 2, "this integer does not fit in 64 bits")]
    [InlineData("99999999999999999999999999", 1, 1, "this integer does not fit in 64 bits")]
    [InlineData("context.if", 1, 9, "`if` is reserved")]
    [InlineData("context.__cedar", 1, 9, "`__cedar` is reserved")]
    [InlineData("context has in", 1, 13, "`in` is reserved")]
    [InlineData("context has a.then", 1, 15, "`then` is reserved")]
    [InlineData("context has \"a\".b", 1, 16, "expected the end of the expression, found `.`")]
    [InlineData("context has a::b", 1, 14, "expected the end of the expression, found `::`")]
    [InlineData("context has (a)", 1, 13, "expected the name of an attribute or a string, found `(`")]
    [InlineData("{like: 1}", 1, 2, "`like` is reserved")]
    [InlineData("{a: 1, \"a\": 2}", 1, 8, "the record has `a` twice")]
    [InlineData("{\"\\x61\": 1, a: 2}", 1, 13, "the record has `a` twice")]
    [InlineData("{(\"a\"): 1}", 1, 2, "expected the name of an attribute, found `(`")]
    [InlineData("{a::b: 1}", 1, 3, "expected `:`, found `::`")]
    [InlineData("[,]", 1, 2, "expected an expression, found `,`")]
    [InlineData("[1 2]", 1, 4, "expected an operator, `,` or `]`, found `2`")]
    [InlineData("(1", 1, 3, "expected an operator or `)`, found the end of the text")]
    [InlineData("true::\"a\"", 1, 1, "`true` is reserved")]
    [InlineData("A::if::\"a\"", 1, 4, "`if` is reserved")]
    [InlineData("__cedar::A::\"a\"", 1, 1, "`__cedar` is reserved")]
    [InlineData("A::{a: 1}", 1, 4, "expected a name or the id of an entity, found `{`")]
    [InlineData("principal is A::\"a\"", 1, 14, "expected an entity type, found an entity")]
    [InlineData("principal is \"A\"", 1, 14, "expected an entity type, found `\"A\"`")]
    [InlineData("principal is (A)", 1, 14, "expected an entity type, found `(`")]
    [InlineData("\"a\" like principal", 1, 10, "expected a pattern, found `principal`")]
    [InlineData("context[a]", 1, 9, "between brackets stands the name of an attribute, a string literal")]
    [InlineData("context[(\"a\")]", 1, 9, "between brackets stands the name of an attribute, a string literal")]
    [InlineData("context[\"a\" + \"b\"]", 1, 13, "expected `]`, found `+`")]
    [InlineData("(principal)()", 1, 12, "only functions and methods can be called")]
    [InlineData("principal()", 1, 1, "`principal` is not a function")]
    [InlineData("ip(\"a\")()", 1, 8, "only functions and methods can be called")]
    [InlineData("Ip(\"a\")", 1, 1, "there is no function `Ip`")]
    [InlineData("A::ip(\"a\")", 1, 1, "there is no function `A::ip`")]
    [InlineData("\"a\".ip()", 1, 5, "`ip` is a function, not a method")]
    [InlineData("isIpv4(context)", 1, 1, "`isIpv4` is a method, not a function")]
    [InlineData("contains([], 1)", 1, 1, "`contains` is a method, not a function")]
    [InlineData("[].contain(1)", 1, 4, "there is no method `contain`")]
    [InlineData("[].contains()", 1, 1, "`contains` takes one argument, 0 given")]
    [InlineData("[].containsAny(1, 2)", 1, 1, "`containsAny` takes one argument, 2 given")]
    [InlineData("[].isEmpty(1)", 1, 1, "`isEmpty` takes no argument, 1 given")]
    [InlineData("principal.getTag()", 1, 1, "`getTag` takes one argument, 0 given")]
    [InlineData("?principal", 1, 1, "the slot `?principal` cannot be used in a condition")]
    [InlineData("\"a", 1, 1, "this string has no end")]
    [InlineData("\"a\\\nb\"", 1, 1, "this string has no end")]
    [InlineData("\"a\rb\"", 1, 3, "`a carriage return` is not allowed in a string")]
    [InlineData("\ufefftrue", 1, 1, "`\\u{feff}` means nothing in Cedar")]
    [InlineData("", 1, 1, "expected an expression, found the end of the text")]
    public void What_the_language_refuses_is_refused_at_its_place(string text, int line, int column, string message)
    {
        Assert.False(ExprParser.TryParse(text, out _, out var diagnostics));
        var first = diagnostics[0];
        Assert.StartsWith(message, first.Message, StringComparison.Ordinal);
        Assert.Equal((line, column), (first.Line, first.Column));
        Assert.NotNull(first.Snippet);
    }

    [Theory]
    [InlineData("\"\\t\\r\\n\\\\\\0\\x42\\'\\\"\"", "\t\r\n\\\0B'\"")]
    [InlineData("\"\\u{0}\\u{1}\\u{1234}\\u{12345}\\u{1_F6}\\u{0_0_0_0_4_2}\"", "\0\u0001\u1234\U00012345\u01f6B")]
    [InlineData("\"\\u{10ffff}\"", "\U0010ffff")]
    [InlineData("\"a\nb\tc\"", "a\nb\tc")]
    [InlineData("\"é🐈\"", "é🐈")]
    public void A_string_stands_for_its_characters(string text, string value)
        => Assert.Equal(value, Assert.IsType<CedarString>(Assert.IsType<Expr.Literal>(ExprParser.Parse(text)).Value).Value);

    [Theory]
    [InlineData("\\xFF", 2)]
    [InlineData("\\x80", 2)]
    [InlineData("\\x4", 2)]
    [InlineData("\\x +", 2)]
    [InlineData("\\u{}", 2)]
    [InlineData("\\u{_1}", 2)]
    [InlineData("\\u{1111111}", 2)]
    [InlineData("\\u{0000041}", 2)]
    [InlineData("\\u{110000}", 2)]
    [InlineData("\\u{d800}", 2)]
    [InlineData("\\u{12", 2)]
    [InlineData("\\u41", 2)]
    [InlineData("\\u{g}", 2)]
    [InlineData("ab\\q", 4)]
    [InlineData("ab\\*", 4)]
    [InlineData("\\U{41}", 2)]
    public void An_escape_that_is_none_is_refused_at_its_place(string body, int column)
    {
        Assert.False(ExprParser.TryParse($"\"{body}\"", out _, out var diagnostics));
        Assert.Contains("is not allowed in a string", Assert.Single(diagnostics).Message, StringComparison.Ordinal);
        Assert.Equal(column, diagnostics[0].Column);
    }

    [Theory]
    [InlineData("a*b", new[] { "a", "b" })]
    [InlineData("*", new[] { "", "" })]
    [InlineData("**", new[] { "", "", "" })]
    [InlineData("", new[] { "" })]
    [InlineData("\\*a\\\\*", new[] { "*a\\", "" })]
    [InlineData("a\\x2ab\\u{2a}", new[] { "a", "b", "" })]
    public void A_star_of_a_pattern_is_a_wildcard_unless_it_is_escaped(string pattern, string[] pieces)
        => Assert.Equal(pieces, Assert.IsType<Expr.Like>(ExprParser.Parse($"\"a\" like \"{pattern}\"")).Pattern.Pieces);

    [Theory]
    [InlineData("-9223372036854775808", long.MinValue)]
    [InlineData("9223372036854775807", long.MaxValue)]
    [InlineData("000000000000000000000000000007", 7L)]
    [InlineData("- // here\n 5", -5L)]
    public void A_minus_before_digits_belongs_to_the_literal(string text, long value)
        => Assert.Equal(value, Assert.IsType<CedarLong>(Assert.IsType<Expr.Literal>(ExprParser.Parse(text)).Value).Value);

    [Fact]
    public void Every_node_knows_its_place()
    {
        const string Text = "(principal.a == 1) && [2, {b: -3}].contains(ip(\"x\").isIpv4()) || resource is A::B in X::\"y\"";
        var spans = new List<string>();
        Walk(ExprParser.Parse(Text));
        Assert.Equal(
            [
                Text, "principal.a == 1) && [2, {b: -3}].contains(ip(\"x\").isIpv4())", "principal.a == 1", "principal.a", "principal", "1",
                "[2, {b: -3}].contains(ip(\"x\").isIpv4())", "[2, {b: -3}]", "2", "{b: -3}", "-3", "ip(\"x\").isIpv4()", "ip(\"x\")", "\"x\"",
                "resource is A::B in X::\"y\"", "resource", "X::\"y\"",
            ],
            spans.Select((span, index) => index == 0 ? Text : span));
        Assert.Equal(Text[1..], spans[0]);

        void Walk(Expr node)
        {
            spans.Add(Text.Substring(node.Span.Start, node.Span.Length));
            foreach (var child in node.Children)
            {
                Walk(child);
            }
        }
    }

    [Fact]
    public void Names_close_to_a_known_one_are_suggested()
    {
        Assert.False(ExprParser.TryParse("context.contain(1) || Ip(\"a\")", out _, out var diagnostics));
        Assert.Equal(["did you mean `contains`?", "did you mean `ip`?"], diagnostics.Select(static diagnostic => diagnostic.Help));
    }

    [Fact]
    public void Blanks_are_the_white_space_of_Unicode_and_nothing_else()
    {
        int[] blanks = [.. Enumerable.Range(9, 5), 0x20, 0x85, 0xa0, 0x1680, .. Enumerable.Range(0x2000, 11), 0x2028, 0x2029, 0x202f, 0x205f, 0x3000];
        var accepted = Enumerable.Range(0, 0x10000).Where(static value => !char.IsSurrogate((char)value) && ExprParser.TryParse($"true{(char)value}&& true", out _, out _));
        Assert.Equal(blanks, accepted);
    }

    [Fact]
    public void Text_that_is_not_Unicode_is_refused()
        => Assert.Contains("surrogate", Assert.Throws<PolicySyntaxException>(() => ExprParser.Parse("\"\ud800\"")).Message, StringComparison.Ordinal);
}
