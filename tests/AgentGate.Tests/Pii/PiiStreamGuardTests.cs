using AgentGate.Kernel.Decisions;
using AgentGate.Pipeline;

namespace AgentGate.Tests.Pii;

public sealed class PiiStreamGuardTests
{
    private readonly PiiFixture _pii = new();

    [Fact]
    public async Task Every_cut_of_a_stream_gives_the_caller_the_same_text()
    {
        const string text = "Hi <SSN_1>, not <SSN_12> but <SSN_1<SSN_2>. ![](https://evil.com/<SSN_1>) <LITERAL_1>.";
        const string expected = "Hi 123-45-6789, not <SSN_12> but <SSN_1987-65-4321. ![](https://evil.com/<SSN_1>) <SSN_1>.";
        for (var first = 0; first <= text.Length; first++)
        {
            for (var second = first; second <= text.Length; second++)
            {
                var stream = await OpenAsync("123-45-6789 987-65-4321 <SSN_1>");
                Assert.Equal(expected, await PassAsync(stream, Delta(text[..first]), Delta(text[first..second]), Delta(text[second..], final: true)));
            }
        }
    }

    [Fact]
    public async Task A_piece_without_a_token_passes_at_once()
    {
        var stream = await OpenAsync("123-45-6789");

        Assert.Same(StreamVerdict.Passed, await AskAsync(stream, Delta("plain ")));
        Assert.Equal("a ", Assert.IsType<StreamVerdict.Replace>(await AskAsync(stream, Delta("a <SSN"))).Text);
        Assert.Equal("<SSNx", Assert.IsType<StreamVerdict.Replace>(await AskAsync(stream, Delta("x"))).Text);
        Assert.Same(StreamVerdict.Passed, await AskAsync(stream, Delta("y <TABLE> <SSN_3>")));
    }

    [Fact]
    public async Task The_last_piece_brings_everything_held_back()
    {
        var stream = await OpenAsync("123-45-6789");

        Assert.Equal("<SSN_", await PassAsync(stream, Delta("<SSN_"), Delta("", final: true)));
        Assert.Equal("123-45-6789", await PassAsync(stream, Delta("<SSN_1>"), Delta("", final: true)));
    }

    [Fact]
    public async Task Channels_and_whole_pieces_do_not_mix()
    {
        var stream = await OpenAsync("123-45-6789");

        Assert.Equal(
            "a 123-45-6789 b1> <SSN_ 123-45-6789",
            await PassAsync(
                stream,
                Delta("a <SSN_"), Delta("", "c2"), Delta("1> ", "c1"), Delta("b1> ", "c2"),
                new StreamSegment("c3", SegmentRole.Assistant, SegmentKind.Text, "<SSN_ ".AsMemory(), Final: false, Whole: true),
                new StreamSegment("c1", SegmentRole.Assistant, SegmentKind.Text, "<SSN_1>".AsMemory(), Final: true, Whole: true)));
    }

    [Theory]
    [InlineData(SegmentKind.Text, SegmentRole.ToolArguments)]
    [InlineData(SegmentKind.Sealed, SegmentRole.Assistant)]
    [InlineData(SegmentKind.Unread, SegmentRole.Assistant)]
    public async Task Arguments_and_signed_parts_pass_untouched(SegmentKind kind, SegmentRole role)
    {
        var stream = await OpenAsync("123-45-6789");

        Assert.Same(StreamVerdict.Passed, await AskAsync(stream, new StreamSegment("c1", role, kind, "<SSN_1> ".AsMemory(), true, false)));
    }

    [Fact]
    public async Task A_call_that_sent_no_token_needs_no_stream_guard()
    {
        var (_, call, scope) = await _pii.SendAsync("hello");

        Assert.Null(_pii.Guard.OpenStream(new ResponseContext(call, scope, null)));
    }

    [Fact]
    public async Task The_stream_says_what_it_restored_and_kept()
    {
        var stream = await OpenAsync("123-45-6789");
        await PassAsync(stream, Delta("<SSN_1> <SSN_1> https://e.com/<SSN"), Delta("_1>", final: true));

        Assert.Equal(["SSN restored 2", "SSN token kept in url 1"], stream.Findings.Select(f => $"{f.Rule} {f.Note} {f.Count}"));
    }

    private static StreamSegment Delta(string text, string channel = "c1", bool final = false)
        => new(channel, SegmentRole.Assistant, SegmentKind.Text, text.AsMemory(), final, Whole: false);

    private static ValueTask<StreamVerdict> AskAsync(IStreamGuard stream, StreamSegment segment)
        => stream.InspectAsync(segment, TestContext.Current.CancellationToken);

    private static async Task<string> PassAsync(IStreamGuard stream, params StreamSegment[] segments)
    {
        var output = string.Empty;
        foreach (var segment in segments)
        {
            output += await AskAsync(stream, segment) is StreamVerdict.Replace(var text) ? text : segment.Text.ToString();
        }

        return output;
    }

    private async Task<IStreamGuard> OpenAsync(string request)
    {
        var (_, call, scope) = await _pii.SendAsync(request);
        return _pii.Guard.OpenStream(new ResponseContext(call, scope, null))!;
    }
}
