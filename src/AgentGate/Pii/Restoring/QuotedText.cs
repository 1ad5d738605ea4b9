namespace AgentGate.Pii.Restoring;

/// <summary>
/// Follows quoted strings that hold an address: an HTML attribute of any name once an address was seen in it, and a string
/// of CSS or a script that begins with one. The address goes on, white space included, to the quote that opened the string.
/// </summary>
internal sealed class QuotedText
{
    private const long Unknown = -1;

    private Quote _double;
    private Quote _single;
    private char _run;
    private bool _runOpens;
    private bool _runHasText;
    private bool _afterEquals;
    private char _last = ' ';

    /// <summary>Whether the next character would stand in such a string.</summary>
    public bool IsOpen => _double.Holds || _single.Holds;

    /// <summary>Whether nothing before can make a string out of what follows.</summary>
    public bool IsQuiet => !IsOpen && !_double.Attribute && !_single.Attribute && _run == '\0' && !_afterEquals;

    /// <summary>Whether there is no such string, or only ones that begin at a position.</summary>
    public bool BeginsAt(long position)
        => (!_double.Holds || _double.BeginsAt == position) && (!_single.Holds || _single.BeginsAt == position);

    /// <summary>The state as it is now, to go on from apart.</summary>
    public QuotedText Clone() => (QuotedText)MemberwiseClone();

    /// <summary>Goes on by one character.</summary>
    /// <param name="c">The character.</param>
    /// <param name="position">Where it stands.</param>
    /// <param name="inAddress">Whether what follows it stands in an address of any kind.</param>
    /// <param name="begins">Whether a bare address was recognised with it.</param>
    public void Step(char c, long position, bool inAddress, bool begins)
    {
        var isSpace = c is ' ' or '\t' or '\r' or '\n' or '\f';
        if (c is '"' or '\'')
        {
            // A quote after an equals sign opens a value even where it seemed to close one.
            Of(c) = new Quote { Attribute = _afterEquals, BeginsAt = Unknown };
            (_run, _runHasText) = (c, false);
            _runOpens = _afterEquals || _last is ' ' or '\t' or '\r' or '\n' or '\f' or '(' or '[' or '{' or '\\';
        }
        else if (isSpace)
        {
            _run = _runHasText || !_runOpens ? '\0' : _run;
        }
        else if (c != '\\')
        {
            _runHasText = true;
            _run = c is '(' or '[' or '<' ? '\0' : _run;
            _double.BeginsAt = _double.BeginsAt == Unknown ? position : _double.BeginsAt;
            _single.BeginsAt = _single.BeginsAt == Unknown ? position : _single.BeginsAt;
        }

        _double.Holds |= (_double.Attribute && inAddress) || (_run == '"' && begins);
        _single.Holds |= (_single.Attribute && inAddress) || (_run == '\'' && begins);
        _afterEquals = c == '=' || (_afterEquals && (isSpace || c == '\\'));
        _last = c;
    }

    private ref Quote Of(char c)
    {
        if (c == '"')
        {
            return ref _double;
        }

        return ref _single;
    }

    private struct Quote
    {
        public bool Attribute;
        public bool Holds;
        public long BeginsAt;
    }
}
