using System.Collections.Frozen;

namespace AgentGate.Pii.Restoring;

/// <summary>Follows addresses that stand in running text. What begins and what ends one is said at <see cref="UrlContext"/>.</summary>
internal sealed class BareUrl(RestoreHosts hosts)
{
    private const int WordMax = 16;
    private const int HostMax = 253;

    // Schemes that something fetches, opens or sends when it sees them without slashes; the rest need `://`.
    private static readonly FrozenSet<string> Schemes = FrozenSet.Create(
        StringComparer.Ordinal,
        "http", "https", "ftp", "ftps", "sftp", "file", "data", "mailto", "tel", "sms", "smsto", "mms", "javascript", "vbscript", "ws",
        "wss", "blob", "geo", "urn", "magnet", "ldap", "ldaps", "ssh", "svn", "irc", "ircs", "xmpp", "sip", "sips", "news", "nntp",
        "gopher", "rtsp", "rtmp", "telnet", "feed", "intent", "market", "itms", "whatsapp", "skype", "facetime", "callto", "slack",
        "msteams", "zoommtg", "vscode", "jar", "cid", "tg", "bitcoin", "webcal", "matrix", "jdbc", "source");
    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> SchemeLookup =
        Schemes.GetAlternateLookup<ReadOnlySpan<char>>();

    private char[] _word = new char[WordMax];
    private char[]? _host;
    private int _hostLength;
    private int _wordLength;
    private char _beforeWord;
    private char _last;
    private int _slashes;
    private bool _slashesBegin;
    private bool _onlyBackslashes;
    private bool _label;
    private bool _dot;
    private bool _mailHost;
    private Phase _phase;

    private enum Phase
    {
        None,
        Refused,
        Slashes,
        Authority,
        Port,
        Allowed,
    }

    /// <summary>Whether the next character would stand in an address.</summary>
    public bool InAddress => _phase != Phase.None || _mailHost || (_slashes >= 2 && _slashesBegin);

    /// <summary>Whether that address is written in full, its host is over, and it is on the list.</summary>
    public bool IsAllowed => _phase == Phase.Allowed;

    /// <summary>Where the address began.</summary>
    public long StartedAt { get; private set; }

    /// <summary>Whether a host or mail name is being written.</summary>
    public bool ContinuesWord => _label;

    /// <summary>Begins anew, as after white space.</summary>
    public void Reset()
    {
        (_phase, _wordLength, _beforeWord, _last, _slashes) = (Phase.None, 0, '\0', '\0', 0);
        EndHost();
    }

    /// <summary>The state as it is now, to go on from apart.</summary>
    public BareUrl Clone()
    {
        var clone = (BareUrl)MemberwiseClone();
        clone._word = [.. _word];
        clone._host = _host is null ? null : [.. _host];
        return clone;
    }

    /// <summary>Goes on by one character.</summary>
    public void Step(char c, long position)
    {
        if (c is ' ' or '\t' or '\r' or '\n' || (c == '/' && _last == '<'))
        {
            Reset();
            return;
        }

        if (_phase == Phase.None)
        {
            Search(c, position);
        }
        else if (_phase is not (Phase.Refused or Phase.Allowed))
        {
            ReadHost(c);
        }

        _last = c;
    }

    private void Search(char c, long position)
    {
        if (c is '/' or '\\' or '\uFF0F')
        {
            if (_dot)
            {
                _phase = Phase.Refused;
                return;
            }

            if (_slashes++ == 0)
            {
                (_slashesBegin, _onlyBackslashes) = (!IsLabel(_last), true);
            }

            _onlyBackslashes &= c == '\\';
            _wordLength = 0;
            EndHost();
            return;
        }

        if (_slashes >= 2 && _slashesBegin && !(_onlyBackslashes && c is '"' or '\''))
        {
            _phase = Phase.Refused;
            return;
        }

        _slashes = 0;
        FollowHost(c);
        FollowWord(c, position);
    }

    private void FollowHost(char c)
    {
        if (IsLabel(c))
        {
            _label = true;
        }
        else if (c is '.' or '\uFF0E' or '\uFF61')
        {
            _dot |= _label;
        }
        else if (_dot && c is '?' or '#' or '%' or '&')
        {
            _phase = _dot ? Phase.Refused : _phase;
            EndHost();
        }
        else if (c is '@' or '\uFF20' && _label)
        {
            (_mailHost, _label, _dot) = (true, false, false);
        }
        else if (!(_dot && c == ':') && c is not ('-' or '_' or '+'))
        {
            EndHost();
        }
    }

    private void FollowWord(char c, long position)
    {
        if (char.IsAsciiLetterOrDigit(c))
        {
            if (_wordLength == 0)
            {
                _beforeWord = _last;
            }

            // A word too long to be a scheme stays too long.
            if (_wordLength < WordMax)
            {
                _word[_wordLength] = (char)(char.IsAsciiLetterUpper(c) ? c | 0x20 : c);
            }

            _wordLength++;
            return;
        }

        var word = _word.AsSpan(0, Math.Min(_wordLength, WordMax));
        if (c == ':' && _wordLength < WordMax && SchemeLookup.Contains(word))
        {
            StartedAt = position - _wordLength;
            var mayBeAllowed = !hosts.IsEmpty && word is "http" or "https"
                && _beforeWord is '\0' or ' ' or '"' or '\'' or '(' or '<' or '=' or '`' or '[' or '|';
            _phase = mayBeAllowed && !hosts.IsEmpty ? Phase.Slashes : Phase.Refused;
            _slashes = 0;
            EndHost();
        }
        else if (c == '.' && word is "www")
        {
            _phase = Phase.Refused;
            EndHost();
        }

        _wordLength = 0;
    }

    private void ReadHost(char c)
    {
        switch (_phase)
        {
            case Phase.Slashes:
                _slashes++;
                _phase = c != '/' ? Phase.Refused : _slashes == 2 ? Phase.Authority : Phase.Slashes;
                _hostLength = 0;
                break;
            case Phase.Authority when (IsLabel(c) || c is '-' or '.') && _hostLength < HostMax:
                _host ??= new char[HostMax];
                _host[_hostLength++] = c;
                break;
            case Phase.Port when char.IsAsciiDigit(c):
                break;
            case Phase.Authority when c == ':':
                _phase = Phase.Port;
                break;
            default:
                _phase = c is '/' or '?' or '#' && hosts.Contains(_host.AsSpan(0, _hostLength)) ? Phase.Allowed : Phase.Refused;
                break;
        }
    }

    private static bool IsLabel(char c) => char.IsAsciiLetterOrDigit(c) || (c > '\u007F' && char.IsLetterOrDigit(c));

    private void EndHost() => (_label, _dot, _mailHost) = (false, false, false);
}
