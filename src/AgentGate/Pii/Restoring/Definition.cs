namespace AgentGate.Pii.Restoring;

/// <summary>
/// Follows the destination of a markdown reference definition, <c>[label]: destination</c>: in angle brackets to the
/// bracket that closes it or the end of the line, else to white space.
/// </summary>
internal sealed class Definition
{
    private const long Unknown = -1;

    private char _last;
    private bool _awaits;
    private bool _blank;
    private bool _bare;
    private int _angles;
    private long _beginsAt = Unknown;

    /// <summary>Whether the next character would stand in such a destination.</summary>
    public bool IsOpen => _bare || _angles > 0;

    /// <summary>Whether nothing before can make a destination out of what follows.</summary>
    public bool IsQuiet => !IsOpen && !_awaits && _last != ']';

    /// <summary>Whether there is no destination, or one that begins at a position.</summary>
    public bool BeginsAt(long position) => !IsOpen || _beginsAt == position;

    /// <summary>The state as it is now, to go on from apart.</summary>
    public Definition Clone() => (Definition)MemberwiseClone();

    /// <summary>Goes on by one character.</summary>
    public void Step(char c, long position)
    {
        var isSpace = c is ' ' or '\t' or '\r' or '\n';
        if (_angles > 0)
        {
            // A token that stays brings brackets of its own, so they are counted.
            _beginsAt = _beginsAt == Unknown && !isSpace ? position : _beginsAt;
            _angles = c switch { '<' => _angles + 1, '>' => _angles - 1, '\n' => 0, _ => _angles };
        }
        else if (_bare)
        {
            _bare = !isSpace;
        }
        else if (_awaits && (isSpace || (c == '>' && _blank)))
        {
            // The next line of a block quote begins with its mark.
            _awaits = !(_blank && c == '\n');
            _blank |= c == '\n';
        }
        else if (_awaits)
        {
            (_awaits, _angles, _bare, _beginsAt) = (false, c == '<' ? 1 : 0, c != '<', c == '<' ? Unknown : position);
        }
        else if (c == ':' && _last == ']')
        {
            (_awaits, _blank) = (true, false);
        }

        _last = c;
    }
}
