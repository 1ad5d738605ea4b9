namespace AgentGate.Threats.Detection;

/// <summary>
/// Tells prose from fenced code blocks (CommonMark §4.5: a line of at least three backticks or tildes, indented by at most
/// three spaces, to a line of at least as many, or to the end).
/// </summary>
internal ref struct ChatParts(ReadOnlySpan<char> text)
{
    private readonly ReadOnlySpan<char> _text = text;
    private int _next;
    private char _mark;
    private int _width;

    /// <summary>A piece of a message.</summary>
    public readonly record struct Part(int Start, int Length, bool IsCode);

    public Part Current { get; private set; }

    /// <summary>A vectorised look: without this there is no fence.</summary>
    public static bool MayHaveCode(ReadOnlySpan<char> text)
        => text.IndexOf("```", StringComparison.Ordinal) >= 0 || text.IndexOf("~~~", StringComparison.Ordinal) >= 0;

    public readonly ChatParts GetEnumerator() => this;

    public bool MoveNext()
    {
        while (_next < _text.Length)
        {
            var start = _next;
            var isCode = _width > 0;
            var end = start;
            while (end < _text.Length)
            {
                var length = _text[end..].IndexOf('\n');
                var line = length < 0 ? _text[end..] : _text.Slice(end, length + 1);
                end += line.Length;
                if (IsFence(line))
                {
                    _next = end;
                    end -= line.Length;
                    break;
                }

                _next = end;
            }

            if (end > start)
            {
                Current = new Part(start, end - start, isCode);
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether a line opens a block, or closes the open one.</summary>
    private bool IsFence(ReadOnlySpan<char> line)
    {
        var indent = line.IndexOfAnyExcept(' ');
        if (indent is < 0 or > 3 || line[indent] is not ('`' or '~'))
        {
            return false;
        }

        var mark = line[indent];
        var rest = line[indent..].TrimStart(mark);
        var width = line.Length - indent - rest.Length;
        if (_width == 0 && width >= 3 && !(mark == '`' && rest.Contains('`')))
        {
            (_mark, _width) = (mark, width);
            return true;
        }

        if (_width > 0 && mark == _mark && width >= _width && rest.Trim().IsEmpty)
        {
            _width = 0;
            return true;
        }

        return false;
    }
}
