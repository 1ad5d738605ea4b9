using System.Buffers;
using System.Text;
using AgentGate.Server.Providers.Sse;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace AgentGate.Integration.Tests.Providers;

public sealed class SseTests
{
    // Every kind of line, line end and oddity, glued together at random.
    private static readonly string[] s_pieces =
    [
        "data: a", "data:b", "data", "data:", "data:  two blanks", "data: ü😀", ": comment", ":", "event: x", "event:", "event", "id: 7",
        "id", "retry: 10", "retry: no", "unknown: z", " data: blank before", "\uFEFFdata: bom", "\n", "\n", "\n", "\r\n", "\r\n", "\r", "\n\n", "\r\n\r\n", "\r\r",
    ];

    private static List<(string? Name, string Data, string? Id, int? Retry)> Read(IEnumerable<byte[]> blocks, int bytesMax = 1 << 20)
    {
        var reader = new SseReader(bytesMax);
        var events = new List<(string?, string, string?, int?)>();
        foreach (var block in blocks)
        {
            reader.Append(block);
            while (reader.TryRead(out var next))
            {
                events.Add((next.Name, Encoding.UTF8.GetString(next.Data.Span), next.Id, next.Retry));
            }
        }

        return events;
    }

    private static List<(string? Name, string Data, string? Id, int? Retry)> Read(string text) => Read([Encoding.UTF8.GetBytes(text)]);

    [Property(MaxTest = 500)]
    public Property Any_split_of_the_bytes_gives_the_same_events()
    {
        var streams = Gen.Elements(s_pieces).ListOf().Select(p => Encoding.UTF8.GetBytes(string.Concat(p)));
        return Prop.ForAll(streams.ToArbitrary(), Arb.From(Gen.Choose(1, 9).ListOf()), (bytes, sizes) =>
        {
            var blocks = new List<byte[]>();
            for (int start = 0, n = 0; start < bytes.Length; n++)
            {
                var size = Math.Min(bytes.Length - start, sizes.Count == 0 ? 1 : sizes[n % sizes.Count]);
                blocks.Add(bytes[start..(start + size)]);
                start += size;
            }

            return Read(blocks).SequenceEqual(Read([bytes]));
        });
    }

    [Property]
    public bool What_is_written_is_read_back(NonNull<string> data, bool named)
    {
        var text = new string([.. data.Get.Where(c => !char.IsSurrogate(c))]);

        var events = Read([SseWriter.ToBytes(Encoding.UTF8.GetBytes(text), named ? "some.name" : null)]);

        return events is [var one] && one.Name == (named ? "some.name" : null)
            && one.Data == text.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n');
    }

    [Fact]
    public void Fields_are_read_as_the_standard_says()
    {
        Assert.Equal([(null, "a\nb", null, null)], Read("data: a\ndata:b\n\n"));
        Assert.Equal([("x", "1", "7", 10)], Read("event: x\r\nid: 7\r\nretry: 10\r\ndata: 1\r\n\r\n"));
        Assert.Equal([(null, " two", null, null)], Read("data:  two\r\r"));
        Assert.Equal([(null, "", null, null)], Read("data\n\n"));
        Assert.Equal([(null, "1", null, null), (null, "2", null, null)], Read(":hello\n\ndata: 1\n\nevent: lost\n\ndata: 2\n\n"));
        Assert.Equal([(null, "1", null, null)], Read("\uFEFFdata: 1\n\n\uFEFFdata: 2\n\n"));
    }

    [Fact]
    public void An_event_without_its_empty_line_is_none_and_says_so()
    {
        var reader = new SseReader(1_024);

        reader.Append("data: 1\n\ndata: 2\n"u8);

        Assert.True(reader.TryRead(out _));
        Assert.False(reader.TryRead(out _));
        Assert.True(reader.IsPartial);
        reader.Append("\n"u8);
        Assert.False(reader.IsPartial);
    }

    [Fact]
    public void An_event_beyond_the_bound_is_refused_in_one_line_or_many()
    {
        Assert.Throws<SseTooLargeException>(() => Read([Encoding.UTF8.GetBytes("data: " + new string('x', 200))], 100));
        Assert.Throws<SseTooLargeException>(() => Read(Enumerable.Repeat("data: 0123456789\n"u8.ToArray(), 20), 100));
        Assert.Equal(20, Read(Enumerable.Repeat("data: 0123456789\n\n"u8.ToArray(), 20), 100).Count);
    }

    [Fact]
    public void Data_cannot_forge_an_event()
    {
        var output = new ArrayBufferWriter<byte>();

        SseWriter.Write(output, "a\n\nevent: forged\rdata: b"u8);

        Assert.Equal([(null, "a\n\nevent: forged\ndata: b", null, null)], Read([output.WrittenSpan.ToArray()]));
        Assert.Throws<ArgumentException>(() => SseWriter.Write(output, "x"u8, "a\nb"));
    }
}
