namespace AgentGate.Architecture.Tests.Source;

public class CSharpTextTests
{
    [Theory]
    [InlineData("a // x\nb", "a     \nb")]
    [InlineData("a /* x\n */ b", "a     \n    b")]
    [InlineData("f(\"x // y\") z", "f(\"      \") z")]
    [InlineData("f(\"\\\"x\") z", "f(\"   \") z")]
    [InlineData("f(@\"\\\") z", "f(@\" \") z")]
    [InlineData("f(@\"a\"\"b\") z", "f(@\"    \") z")]
    [InlineData("f($\"a{b.C}d\") z", "f($\" {b.C} \") z")]
    [InlineData("f($\"a{{b}}{c}\") z", "f($\"      {c}\") z")]
    [InlineData("f($\"{g(\"x\")}\") z", "f($\"{g(\" \")}\") z")]
    [InlineData("f(\"\"\"a\"b\"\"\") z", "f(\"\"\"   \"\"\") z")]
    [InlineData("f($$\"\"\"{a}{{b}}\"\"\") z", "f($$\"\"\"   {{b}}\"\"\") z")]
    [InlineData("c == '\"' ? '\\'' : '/'", "c == ' ' ? '  ' : ' '")]
    [InlineData("@class.x $y", "@class.x $y")]
    public void Comments_and_string_contents_are_not_code(string source, string code)
        => Assert.Equal(code, CSharpText.Parse("a.cs", source).Code);

    [Fact]
    public void Only_what_stands_outside_all_braces_is_top_level()
        => Assert.Equal("class A {   } class B;", CSharpText.Parse("a.cs", "class A { x } class B;").TopLevel());
}
