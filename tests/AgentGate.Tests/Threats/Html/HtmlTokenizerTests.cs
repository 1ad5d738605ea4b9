using AgentGate.Benchmarks.Reporting;
using AgentGate.Threats;
using AgentGate.Threats.Detection;
using AgentGate.Threats.Html;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace AgentGate.Tests.Threats.Html;

public sealed class HtmlTokenizerTests
{
    private static readonly IThreatAnalyzer[] s_analyzers = [new HtmlAnalyzer(), new TemplateAnalyzer(), new XxeAnalyzer(), new HeaderAnalyzer()];

    /// <summary>Texts of the pieces markup is made of, and of any signs at all.</summary>
    private static Arbitrary<string> Texts => Gen.OneOf(
        Gen.Elements("<", ">", "</", "<!--", "-->", "--!>", "<!", "<?", "<![CDATA[", "]]>", "=", "\"", "'", "`", "/", " ", "\n", "\0", "<a", "<script", "</script>", "<style>", "</style", "onload", "href", "javascript:", "alert(1)"),
        Gen.Elements("{{", "}}", "${", "}", "<%", "%>", "[#", "@(", ")", "#set", "7*7", "__class__", "<!ENTITY", "<!DOCTYPE", "SYSTEM", "%0d%0a", "\r\n", "Set-Cookie:", "\\", "\\u0061", "&#60", "&lt;", "&", "{$", "{if ", "'a'.x(", "top[", "]("),
        ArbMap.Default.GeneratorFor<string>().Select(text => text ?? "")).ListOf().Select(parts => string.Concat(parts)).ToArbitrary();

    private static List<HtmlToken> Read(string text, HtmlEntry entry)
    {
        var tokens = new List<HtmlToken>();
        var tokenizer = new HtmlTokenizer(text, entry);
        while (tokenizer.Read(out var token))
        {
            tokens.Add(token);
        }

        return tokens;
    }

    [Property(MaxTest = 500)]
    public Property Tokens_cover_the_text_in_order_and_never_go_back()
        => Prop.ForAll(Texts, Gen.Elements(HtmlEntry.Text, HtmlEntry.DoubleQuoted, HtmlEntry.SingleQuoted, HtmlEntry.Tag).ToArbitrary(), (text, entry) =>
        {
            var at = 0;
            foreach (var token in Read(text, entry))
            {
                if (token.Start != at || token.End <= at || token.End > text.Length
                    || token.NameStart > token.NameEnd || token.NameEnd > token.End || token.ValueStart > token.ValueEnd || token.ValueEnd > token.End)
                {
                    return false;
                }

                at = token.End;
            }

            return at == text.Length;
        });

    [Property(MaxTest = 500)]
    public Property No_text_is_too_broken_to_be_judged()
        => Prop.ForAll(Texts, text =>
        {
            foreach (var analyzer in s_analyzers)
            {
                Judge.Score(analyzer, text, ThreatContext.Argument);
                Judge.Score(analyzer, text, ThreatContext.Chat, isDecoded: true);
            }
        });

    [Theory]
    [InlineData("<a b=c d='e' f>", "a|b=c|d=e|f=")]
    [InlineData("<a/b=c/d='e'f=\"g\">", "a|b=c/d='e'f=\"g\"")]
    [InlineData("<a\nb\t=\r\n'c d'>", "a|b=c d")]
    [InlineData("<A B=`c d`>", "A|B=c d")]
    [InlineData("<a b=\\\"c d\\\">", "a|b=c d\\")]
    [InlineData("<a b=\"\"c\"\">", "a|b=c|\"=")]
    [InlineData("<a b=\"c", "a|b=c")]
    [InlineData("<!-- <b> --><i>", "i")]
    [InlineData("<!--><i>", "i")]
    [InlineData("<!-- x --!><i>", "i")]
    [InlineData("<script><b></script><i>", "script|i")]
    [InlineData("<style><b></style ><i>", "style|i")]
    [InlineData("<style><b>", "style|b")]
    [InlineData("< b><3", "")]
    [InlineData("<x<b c=d>", "b|c=d")]
    public void Tags_and_attributes_are_read_as_browsers_read_them(string text, string expected)
    {
        var found = Read(text, HtmlEntry.Text)
            .Where(token => token.Kind is HtmlTokenKind.StartTag or HtmlTokenKind.Attribute)
            .Select(token => text[token.NameStart..token.NameEnd] + (token.Kind == HtmlTokenKind.Attribute ? "=" + text[token.ValueStart..token.ValueEnd] : ""));

        Assert.Equal(expected, string.Join("|", found));
    }

    [Theory]
    [InlineData("&colon;", ":", 7)]
    [InlineData("&#58;", ":", 5)]
    [InlineData("&#0000058x", ":", 9)]
    [InlineData("&#x3A;", ":", 6)]
    [InlineData("&NewLine;", "\n", 9)]
    [InlineData("&nothing;", "\0", 0)]
    [InlineData("&#;", "\0", 0)]
    [InlineData("& b", "\0", 0)]
    public void Character_references_are_read_with_and_without_their_end(string text, string expected, int length)
    {
        Assert.Equal(length, HtmlValue.Reference(text, out var c));
        Assert.Equal(expected[0], length == 0 ? '\0' : c);
    }

    [Theory]
    [InlineData("<")]
    [InlineData("<a b=")]
    [InlineData("<a b=\"")]
    [InlineData("<!--")]
    [InlineData("<style>/*")]
    [InlineData("{{")]
    [InlineData("${")]
    [InlineData("<%")]
    [InlineData("<!ENTITY a ")]
    [InlineData("onload=\"")]
    [InlineData("[][")]
    public void The_work_grows_with_the_text_and_not_with_its_square(string piece)
    {
        // Processor time of this thread, which others on the machine do not lengthen: 128 times the text may cost
        // two thousand times the time; work that grows with the square would cost sixteen thousand times as much.
        var small = Repeat(piece, 4_096);
        var large = Repeat(piece, 524_288);
        Measure(small);

        var ratio = Measure(large) / Math.Max(1, Enumerable.Range(0, 5).Min(_ => Measure(small)));

        Assert.InRange(ratio, 0, 2_000);

        static string Repeat(string piece, int length) => string.Concat(Enumerable.Repeat(piece, length / piece.Length));

        static double Measure(string text)
        {
            var started = ThreadCpu.Now;
            foreach (var analyzer in s_analyzers)
            {
                Judge.Score(analyzer, text, ThreatContext.Argument);
            }

            return (ThreadCpu.Now - started).TotalMilliseconds;
        }
    }
}
