using System.Buffers;
using System.Text;

namespace AgentGate.Server.Providers.Sse;

/// <summary>Writes server-sent events.</summary>
/// <remarks>Data with line breaks becomes several <c>data</c> lines, so that no data can forge an event.</remarks>
internal static class SseWriter
{
    private static readonly SearchValues<byte> s_lineEnds = SearchValues.Create("\r\n"u8);

    /// <exception cref="ArgumentException">The name holds a line break.</exception>
    public static void Write(IBufferWriter<byte> output, ReadOnlySpan<byte> data, string? name = null)
    {
        if (name is not null)
        {
            if (name.AsSpan().IndexOfAny('\r', '\n') >= 0)
            {
                throw new ArgumentException("The name of an event is one line.", nameof(name));
            }

            output.Write("event: "u8);
            Encoding.UTF8.GetBytes(name, output);
            output.Write("\n"u8);
        }

        while (true)
        {
            var end = data.IndexOfAny(s_lineEnds);
            output.Write("data: "u8);
            output.Write(end < 0 ? data : data[..end]);
            output.Write("\n"u8);
            if (end < 0)
            {
                break;
            }

            data = data[(end + (data[end..].StartsWith("\r\n"u8) ? 2 : 1))..];
        }

        output.Write("\n"u8);
    }

    /// <summary>A comment, which keeps a silent connection open and which clients skip.</summary>
    public static void WriteComment(IBufferWriter<byte> output) => output.Write(":\n\n"u8);

    public static byte[] ToBytes(ReadOnlySpan<byte> data, string? name = null)
    {
        var output = new ArrayBufferWriter<byte>(data.Length + 32);
        Write(output, data, name);
        return output.WrittenSpan.ToArray();
    }
}
