namespace AgentGate.Pii.Restoring;

/// <summary>Follows a markdown link or image destination, <c>](…)</c>, and a CSS <c>url(…)</c>.</summary>
internal sealed class Destination
{
    private const long Unknown = -1;

    private char _last;
    private int _url;
    private bool _escaped;
    private bool _angle;
    private bool _blank;
    private int _depth;
    private long _beginsAt = Unknown;

    /// <summary>Whether the next character would stand in a destination.</summary>
    public bool IsOpen => _depth > 0;

    /// <summary>Whether there is no destination, or one that begins at a position.</summary>
    public bool BeginsAt(long position) => !IsOpen || _beginsAt == position;

    /// <summary>The state as it is now, to go on from apart.</summary>
    public Destination Clone() => (Destination)MemberwiseClone();

    /// <summary>Goes on by one character.</summary>
    public void Step(char c, long position)
    {
        if (_depth == 0)
        {
            if (c == '(' && (_last == ']' || _url == 3))
            {
                (_depth, _angle, _escaped, _blank, _beginsAt) = (1, false, false, false, Unknown);
            }

            _url = (c | 0x20) == "url("[_url] && _url < 3 ? _url + 1 : (c | 0x20) == 'u' ? 1 : 0;
            _last = c;
            return;
        }

        if (EndsParagraph(c))
        {
            (_depth, _last, _url) = (0, '\0', 0);
            return;
        }

        if (_beginsAt == Unknown && c is not (' ' or '\t' or '\r' or '\n' or '<' or '"' or '\''))
        {
            _beginsAt = position;
        }

        if (_escaped)
        {
            _escaped = false;
            return;
        }

        switch (c)
        {
            case '\\':
                _escaped = true;
                break;
            case '<' when _beginsAt == Unknown:
                _angle = true;
                break;
            case '>' or '\n' when _angle:
                _angle = false;
                break;
            case '(' when !_angle:
                _depth++;
                break;
            case ')' when !_angle:
                (_depth, _last) = (_depth - 1, c);
                break;
        }
    }

    private bool EndsParagraph(char c)
    {
        if (c == '\n' && _blank)
        {
            return true;
        }

        _blank = c == '\n' || (_blank && c is ' ' or '\t' or '\r');
        return false;
    }
}
