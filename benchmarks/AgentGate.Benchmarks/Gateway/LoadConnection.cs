using System.Buffers.Text;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace AgentGate.Benchmarks.Gateway;

/// <summary>
/// One keep-alive connection with a blocking socket: the least that a client can cost, so that what is measured is the
/// server. Reads just enough HTTP/1.1 to know where an answer ends.
/// </summary>
internal sealed class LoadConnection : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)
    {
        NoDelay = true, ReceiveTimeout = 15_000, SendTimeout = 15_000,
    };

    private readonly byte[] _buffer = new byte[64 * 1024];

    public LoadConnection(int port) => _socket.Connect(IPAddress.Loopback, port);

    /// <summary>Sends a request and reads its answer to the end.</summary>
    /// <exception cref="InvalidOperationException">The answer is not a success; the message quotes it.</exception>
    public void Exchange(ReadOnlySpan<byte> request)
    {
        _socket.Send(request);
        var length = 0;
        var end = -1;
        while (end < 0 || length < end)
        {
            var count = _socket.Receive(_buffer.AsSpan(length));
            if (count == 0)
            {
                throw new InvalidOperationException("The server closed the connection.");
            }

            length += count;
            end = End(_buffer.AsSpan(0, length));
        }

        if (!_buffer.AsSpan().StartsWith("HTTP/1.1 200"u8))
        {
            throw new InvalidOperationException("Not a success: " + Encoding.UTF8.GetString(_buffer, 0, Math.Min(length, 600)));
        }
    }

    public void Dispose() => _socket.Dispose();

    /// <summary>Where the answer ends, or a negative number while that is unknown.</summary>
    private static int End(ReadOnlySpan<byte> text)
    {
        var head = text.IndexOf("\r\n\r\n"u8);
        if (head < 0)
        {
            return -1;
        }

        for (var line = text[..(head + 2)]; line.Length > 0; line = line[(line.IndexOf("\r\n"u8) + 2)..])
        {
            if (Ascii.EqualsIgnoreCase(line[..Math.Min(15, line.Length)], "content-length:"u8))
            {
                return Utf8Parser.TryParse(line[15..].TrimStart((byte)' '), out int length, out _) ? head + 4 + length : -1;
            }
        }

        return text.EndsWith("\r\n0\r\n\r\n"u8) ? text.Length : -1;
    }
}
