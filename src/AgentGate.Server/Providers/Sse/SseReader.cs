using System.Buffers;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace AgentGate.Server.Providers.Sse;

/// <summary>
/// Reads server-sent events (WHATWG HTML §9.2.6) from bytes that arrive in any pieces: the events depend on the bytes alone.
/// </summary>
/// <remarks>Not thread-safe. Holds at most one unfinished event, whose size is bounded.</remarks>
internal sealed class SseReader(int eventBytesMax)
{
    private static readonly SearchValues<byte> s_lineEnds = SearchValues.Create("\r\n"u8);

    private readonly Queue<SseEvent> _ready = new();
    private readonly ArrayBufferWriter<byte> _line = new();
    private readonly ArrayBufferWriter<byte> _data = new();
    private bool _hasData;
    private bool _skipLineFeed;
    private bool _atStart = true;
    private string? _name;
    private string? _id;
    private int? _retry;

    /// <summary>Whether bytes of an unfinished event are held; at the end of a stream they are no event.</summary>
    public bool IsPartial => _hasData || _line.WrittenCount > 0;

    /// <exception cref="SseTooLargeException">An event is larger than the bound.</exception>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            if (_skipLineFeed)
            {
                _skipLineFeed = false;
                if (bytes[0] == (byte)'\n')
                {
                    bytes = bytes[1..];
                    continue;
                }
            }

            var end = bytes.IndexOfAny(s_lineEnds);
            var piece = end < 0 ? bytes : bytes[..end];
            if (_line.WrittenCount + _data.WrittenCount + piece.Length > eventBytesMax)
            {
                throw new SseTooLargeException(eventBytesMax);
            }

            _line.Write(piece);
            if (end < 0)
            {
                return;
            }

            _skipLineFeed = bytes[end] == (byte)'\r';
            bytes = bytes[(end + 1)..];
            EndLine();
        }
    }

    public bool TryRead([NotNullWhen(true)] out SseEvent? next) => _ready.TryDequeue(out next);

    private void EndLine()
    {
        var line = _line.WrittenSpan;
        if (_atStart)
        {
            _atStart = false;
            line = line.StartsWith("\uFEFF"u8) ? line[3..] : line;
        }

        if (line.IsEmpty)
        {
            EndEvent();
        }
        else if (line[0] != (byte)':')
        {
            var colon = line.IndexOf((byte)':');
            var value = colon < 0 ? [] : line[(colon + 1)..];
            Field(colon < 0 ? line : line[..colon], value is [(byte)' ', ..] ? value[1..] : value);
        }

        _line.ResetWrittenCount();
    }

    private void Field(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        if (name.SequenceEqual("data"u8))
        {
            if (_hasData)
            {
                _data.Write("\n"u8);
            }

            _data.Write(value);
            _hasData = true;
        }
        else if (name.SequenceEqual("event"u8))
        {
            _name = Encoding.UTF8.GetString(value);
        }
        else if (name.SequenceEqual("id"u8) && !value.Contains((byte)0))
        {
            _id = Encoding.UTF8.GetString(value);
        }
        else if (name.SequenceEqual("retry"u8) && !value.ContainsAnyExceptInRange((byte)'0', (byte)'9')
            && Utf8Parser.TryParse(value, out int retry, out _))
        {
            _retry = retry;
        }
    }

    private void EndEvent()
    {
        if (_hasData)
        {
            _ready.Enqueue(new SseEvent(string.IsNullOrEmpty(_name) ? null : _name, _data.WrittenSpan.ToArray(), _id, _retry));
        }

        _data.ResetWrittenCount();
        _hasData = false;
        _name = null;
        _id = null;
        _retry = null;
    }
}
