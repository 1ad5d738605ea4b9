using AgentGate.Benchmarks.Reporting;
using AgentGate.Threats.Sql;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace AgentGate.Tests.Threats.Sql;

public sealed class SqlTokenizerTests
{
    private static readonly string[] s_pieces =
    [
        "'", "''", "\"", "`", "--", "#", "/*", "*/", "/*!50000", "/*!", "select", "UNION", "or", " ", "\n", "\t", "+", "(", ")", ";", ",", "1", "0x6A", "1e5", ".5", "@@version", "@a",
        "||", "&&", "<=>", "!=", "a", "_x$", "ß", "\ud83d\ude00", "\ud83d", "\0", "’", "–", "\\", "%", "{", "[", "=", "*", "and", "\u00a0",
    ];

    private static Arbitrary<string> Texts()
        => Gen.OneOf(Gen.Elements(s_pieces).ListOf().Select(string.Concat), ArbMap.Default.GeneratorFor<string>().Select(text => text ?? "")).ToArbitrary();

    private static List<SqlToken> Tokens(string text, int buffer)
    {
        var all = new List<SqlToken>();
        var tokenizer = new SqlTokenizer(text);
        Span<SqlToken> tokens = stackalloc SqlToken[buffer];
        while (true)
        {
            var count = tokenizer.Fill(tokens);
            all.AddRange(tokens[..count]);
            if (count < buffer)
            {
                Assert.True(tokenizer.IsAtEnd);
                return all;
            }
        }
    }

    [Property(MaxTest = 5000)]
    public Property Tokens_stand_in_order_and_only_space_and_comments_between_them() => Prop.ForAll(Texts(), text =>
    {
        var end = 0;
        foreach (var token in Tokens(text, 512))
        {
            Assert.True(token.Start >= end && token.Length > 0 && token.End <= text.Length);
            AssertGap(text, end, token.Start, token.Gap);
            end = token.End;
        }

        AssertGap(text, end, text.Length, null);
    });

    private static void AssertGap(string text, int from, int to, SqlGap? gap)
    {
        var between = text[from..to];
        if (gap is { } known)
        {
            Assert.Equal(between.Length > 0, known != SqlGap.None);
            Assert.Equal(between.Contains("/*", StringComparison.Ordinal) || between.Contains("*/", StringComparison.Ordinal), (known & SqlGap.Comment) != 0);
        }

        // What is skipped is a comment, a conditional one's sign, or no letter: nothing that a server would read as code.
        if (!between.Contains("/*", StringComparison.Ordinal) && !between.Contains("*/", StringComparison.Ordinal))
        {
            Assert.DoesNotContain(between, c => char.IsAsciiLetterOrDigit(c) || SqlTokenizer.QuoteOf(c) != 0);
        }
    }

    [Property(MaxTest = 2000)]
    public Property The_size_of_the_buffer_does_not_change_the_tokens() => Prop.ForAll(Texts(), text =>
    {
        var whole = Tokens(text, 512);
        var pieces = Tokens(text, 3);

        Assert.Equal(whole.Select(token => (token.Start, token.Length, token.Kind, token.Word, token.Gap)), pieces.Select(token => (token.Start, token.Length, token.Kind, token.Word, token.Gap)));
    });

    [Property(MaxTest = 5000)]
    public Property No_text_makes_an_analyser_throw() => Prop.ForAll(Texts(), text =>
    {
        foreach (var context in Enum.GetValues<AgentGate.Threats.ThreatContext>())
        {
            foreach (var hit in new[] { Judging.Sql, Judging.NoSql, Judging.Ldap }.SelectMany(analyzer => analyzer.Judge(text, context).Found))
            {
                Assert.InRange(hit.Start, 0, text.Length);
                Assert.InRange(hit.Start + hit.Length, hit.Start + 1, text.Length);
                Assert.InRange(hit.Score, 1, 100);
            }
        }
    });

    [Theory]
    [InlineData("'")]
    [InlineData("' or ")]
    [InlineData("'/*")]
    [InlineData("/*")]
    [InlineData("(")]
    [InlineData("or (")]
    [InlineData(";select ")]
    [InlineData("union select ")]
    [InlineData("case when ")]
    [InlineData("select a,")]
    [InlineData("if(")]
    [InlineData("begin ")]
    [InlineData("-- ")]
    [InlineData("#")]
    [InlineData("not ")]
    [InlineData("*)(")]
    [InlineData("]|/")]
    [InlineData("{\"$gt\":")]
    [InlineData("a+")]
    public void A_long_text_of_one_piece_is_read_in_time(string piece)
    {
        var text = string.Concat(Enumerable.Repeat(piece, 400_000 / piece.Length));
        var began = ThreadCpu.Now;

        foreach (var analyzer in new[] { Judging.Sql, Judging.NoSql, Judging.Ldap })
        {
            analyzer.MayMatch(text);
            analyzer.Analyze(new AgentGate.Threats.Detection.ThreatText(text, AgentGate.Threats.ThreatContext.Argument), new AgentGate.Threats.Detection.ThreatHits());
        }

        // Processor time of this thread, not the clock's: others on the machine do not lengthen it. A reading that goes back for each piece looks at the text hundreds of thousands of times, which takes minutes.
        Assert.InRange((ThreadCpu.Now - began).TotalSeconds, 0, 15);
    }

    [Fact]
    public void What_stands_on_the_border_of_two_windows_is_found()
    {
        for (var padding = 300; padding < 620; padding++)
        {
            var text = string.Concat(Enumerable.Repeat("a ", padding)) + "x' OR '1'='1";

            Assert.True(Judging.Sql.BlocksChat(text), $"after {padding} words");
        }
    }
}
