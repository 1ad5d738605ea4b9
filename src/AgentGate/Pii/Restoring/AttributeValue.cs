namespace AgentGate.Pii.Restoring;

/// <summary>
/// Follows the values of HTML attributes that hold addresses. Their name alone decides; whether it stands in a real tag
/// does not matter. A value ends at the quote that opened it, whatever else is quoted inside.
/// </summary>
internal sealed class AttributeValue
{
    private const int NameMax = 24;
    private const long Unknown = -1;

    private static readonly string[] Endings = ["href", "src", "srcset", "srcdoc", "url", "uri"];
    private static readonly string[] Names =
        ["link", "action", "formaction", "poster", "background", "cite", "ping", "longdesc", "codebase", "manifest", "profile", "usemap",
            "archive", "classid", "icon"];

    private char[] _name = new char[NameMax];
    private int _nameLength;
    private bool _nameEnded;
    private bool _awaitsValue;
    private bool _inDouble;
    private bool _inSingle;
    private bool _unquoted;
    private long _beginsAt = Unknown;

    /// <summary>Whether the next character would stand in such a value.</summary>
    public bool IsOpen => _awaitsValue || _inDouble || _inSingle || _unquoted;

    /// <summary>Whether there is no value, or one that begins at a position.</summary>
    public bool BeginsAt(long position) => !IsOpen || _beginsAt == position;

    /// <summary>The state as it is now, to go on from apart.</summary>
    public AttributeValue Clone()
    {
        var clone = (AttributeValue)MemberwiseClone();
        clone._name = [.. _name];
        return clone;
    }

    /// <summary>Goes on by one character.</summary>
    public void Step(char c, long position)
    {
        var isSpace = c is ' ' or '\t' or '\r' or '\n';
        if (_awaitsValue)
        {
            if (isSpace || c == '\\')
            {
                return;
            }

            _awaitsValue = false;
            if (c is '"' or '\'')
            {
                (_inDouble, _inSingle) = (_inDouble || c == '"', _inSingle || c == '\'');
                return;
            }

            _unquoted = true;
        }

        if (IsOpen && _beginsAt == Unknown && !isSpace && c is not ('"' or '\'' or '\\'))
        {
            _beginsAt = position;
        }

        Name(c, isSpace);
        if (_unquoted && (isSpace || c == '>'))
        {
            _unquoted = false;
        }

        _inDouble &= c != '"';
        _inSingle &= c != '\'';
    }

    private void Name(char c, bool isSpace)
    {
        if (char.IsAsciiLetterOrDigit(c) || c is '-' or ':' or '_')
        {
            if (_nameEnded)
            {
                (_nameLength, _nameEnded) = (0, false);
            }

            // A longer name keeps its end: `data-lazy-image-source-href` still ends in href.
            if (_nameLength == NameMax)
            {
                _name.AsSpan(1).CopyTo(_name);
                _nameLength--;
            }

            _name[_nameLength++] = (char)(char.IsAsciiLetterUpper(c) ? c | 0x20 : c);
        }
        else if (c == '=' && _nameLength > 0)
        {
            if (HoldsAddress(_name.AsSpan(0, _nameLength)))
            {
                // A value inside another begins nowhere that could be allowed.
                _beginsAt = IsOpen ? long.MaxValue : Unknown;
                _awaitsValue = true;
            }

            _nameLength = 0;
        }
        else if (isSpace)
        {
            _nameEnded = true;
        }
        else
        {
            _nameLength = 0;
        }
    }

    private static bool HoldsAddress(ReadOnlySpan<char> name)
    {
        foreach (var range in name.SplitAny('-', ':', '_'))
        {
            var part = name[range];
            foreach (var ending in Endings)
            {
                if (part.EndsWith(ending, StringComparison.Ordinal))
                {
                    return true;
                }
            }

            foreach (var whole in Names)
            {
                if (part.SequenceEqual(whole))
                {
                    return true;
                }
            }
        }

        return false;
    }
}
