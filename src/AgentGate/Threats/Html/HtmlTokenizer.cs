using System.Buffers;

namespace AgentGate.Threats.Html;

/// <summary>
/// Cuts a text into markup the way browsers do (WHATWG HTML, section 13.2.5), and tolerates a little more: what is judged
/// may be cut out of a page at any place. Never goes back, so it is linear whatever the text; allocates nothing.
/// </summary>
internal ref struct HtmlTokenizer
{
    private static readonly SearchValues<char> s_nameEnd = SearchValues.Create("\t\n\f\r />");
    private static readonly SearchValues<char> s_attributeEnd = SearchValues.Create("\t\n\f\r />=<");
    private static readonly SearchValues<char> s_valueEnd = SearchValues.Create("\t\n\f\r >");

    /// <summary>Internet Explorer took back ticks for quotes; further than this nobody hides a value in them.</summary>
    private const int BacktickReach = 512;

    private readonly ReadOnlySpan<char> _text;
    private int _at;
    private State _state;
    private bool _isScript;
    private bool _isStyle;
    private bool _hasNoStyleEnd;

    public HtmlTokenizer(ReadOnlySpan<char> text, HtmlEntry entry)
    {
        _text = text;
        _state = entry switch
        {
            HtmlEntry.DoubleQuoted => State.InDouble,
            HtmlEntry.SingleQuoted => State.InSingle,
            HtmlEntry.Tag => State.Tag,
            _ => State.Text,
        };
    }

    private enum State : byte
    {
        Text,
        Tag,
        Raw,
        InDouble,
        InSingle,
    }

    /// <summary>Reads the next token; false at the end of the text.</summary>
    public bool Read(out HtmlToken token)
    {
        if (_at >= _text.Length)
        {
            token = default;
            return false;
        }

        token = _state switch
        {
            State.Tag => InTag(),
            State.Raw => Raw(),
            State.InDouble => RestOfValue('"'),
            State.InSingle => RestOfValue('\''),
            _ => Text(),
        };
        _at = token.End;
        return true;
    }

    private static bool IsLetter(char c) => char.IsAsciiLetter(c);

    private static bool IsSpace(char c) => c is ' ' or '\t' or '\n' or '\r' or '\f';

    private readonly int IndexOrEnd(int index) => index < 0 ? _text.Length : index;

    private HtmlToken RestOfValue(char quote)
    {
        var end = _text.IndexOf(quote);
        _state = State.Tag;
        return end < 0
            ? new HtmlToken(HtmlTokenKind.Text, 0, _text.Length)
            : new HtmlToken(HtmlTokenKind.Attribute, 0, end + 1, 0, 0, 0, end, quote);
    }

    private HtmlToken Text()
    {
        var start = _at;
        var at = start;
        while (true)
        {
            var index = _text[at..].IndexOf('<');
            if (index < 0)
            {
                return new HtmlToken(HtmlTokenKind.Text, start, _text.Length);
            }

            at += index;
            if (Opens(at))
            {
                return at > start ? new HtmlToken(HtmlTokenKind.Text, start, at) : Markup(at);
            }

            at++;
        }
    }

    /// <summary>Whether the sign at this place opens markup. NUL and other controls before the name were ignored by some browsers.</summary>
    private readonly bool Opens(int at)
    {
        var next = at + 1;
        if (next < _text.Length && _text[next] == '/')
        {
            return next + 1 < _text.Length && !IsSpace(_text[next + 1]) && _text[next + 1] != '<';
        }

        if (next < _text.Length && _text[next] is > '\0' and < ' ' or '\0' && !IsSpace(_text[next]))
        {
            next++;
        }

        return next < _text.Length && (IsLetter(_text[next]) || _text[next] is '!' or '?');
    }

    private HtmlToken Markup(int at)
    {
        var rest = _text[at..];
        if (rest.StartsWith("<!--", StringComparison.Ordinal))
        {
            return new HtmlToken(HtmlTokenKind.Comment, at, CommentEnd(at + 2));
        }

        if (rest.StartsWith("<![CDATA[", StringComparison.OrdinalIgnoreCase))
        {
            // What stands inside is markup again to whoever takes the section off, so only the opening is a token.
            return new HtmlToken(HtmlTokenKind.Cdata, at, at + 9);
        }

        if (rest[1] is '!' or '?' || (rest[1] == '/' && !IsLetter(rest[2])))
        {
            var close = rest.IndexOf('>');
            return new HtmlToken(rest[1] == '?' ? HtmlTokenKind.Instruction : HtmlTokenKind.Declaration, at, close < 0 ? _text.Length : at + close + 1);
        }

        var isEnd = rest[1] == '/';
        var nameStart = at + 1;
        while (nameStart < _text.Length && !IsLetter(_text[nameStart]))
        {
            nameStart++;
        }

        var nameEnd = nameStart;
        nameEnd += Math.Max(0, _text[nameStart..].IndexOfAny(s_nameEnd) is var length && length < 0 ? _text.Length - nameStart : length);
        if (_text[nameStart..nameEnd].LastIndexOf('<') is var inner and >= 0 && nameStart + inner + 1 < nameEnd && IsLetter(_text[nameStart + inner + 1]))
        {
            // A tag that begins inside the name of another: a filter that takes the inner one out leaves the outer one.
            nameStart += inner + 1;
        }

        _state = State.Tag;
        var name = _text[nameStart..nameEnd];
        _isScript = !isEnd && IsNamed(name, "script");
        _isStyle = !isEnd && IsNamed(name, "style");
        return new HtmlToken(isEnd ? HtmlTokenKind.EndTag : HtmlTokenKind.StartTag, at, nameEnd, nameStart, nameEnd);
    }

    /// <summary>Compares a name without case, a namespace prefix, and what is no letter or digit at its end.</summary>
    internal static bool IsNamed(ReadOnlySpan<char> name, string expected)
    {
        name = name[(name.LastIndexOf(':') + 1)..];
        if (name.Length < expected.Length)
        {
            return false;
        }

        var at = 0;
        foreach (var c in name)
        {
            if (c is < ' ' or '\u007f' or '\\' or '0' && at < expected.Length)
            {
                // Controls, and a NUL spelled as an escape, were passed over by some browsers.
                continue;
            }

            if (at == expected.Length)
            {
                return !char.IsAsciiLetterOrDigit(c) && c != '-';
            }

            if (char.ToLowerInvariant(c) != expected[at])
            {
                return false;
            }

            at++;
        }

        return at == expected.Length;
    }

    private readonly int CommentEnd(int at)
    {
        while (true)
        {
            var index = _text[at..].IndexOf("--", StringComparison.Ordinal);
            if (index < 0)
            {
                return _text.Length;
            }

            at += index + 2;
            if (at < _text.Length && _text[at] == '>')
            {
                return at + 1;
            }

            if (at + 1 < _text.Length && _text[at] == '!' && _text[at + 1] == '>')
            {
                return at + 2;
            }

            at--;
        }
    }

    private HtmlToken InTag()
    {
        var start = _at;
        var at = start;
        while (at < _text.Length && (IsSpace(_text[at]) || _text[at] == '/'))
        {
            at++;
        }

        if (at >= _text.Length)
        {
            return new HtmlToken(HtmlTokenKind.TagEnd, start, at);
        }

        if (_text[at] == '>')
        {
            _state = _isScript || _isStyle ? State.Raw : State.Text;
            return new HtmlToken(HtmlTokenKind.TagEnd, start, at + 1);
        }

        if (_text[at] == '<' && Opens(at))
        {
            // Browsers would read on as a name; whoever cleans broken markup begins a new tag here.
            _state = State.Text;
            return at > start ? new HtmlToken(HtmlTokenKind.TagEnd, start, at) : Markup(at);
        }

        return Attribute(start, at);
    }

    private HtmlToken Attribute(int start, int nameStart)
    {
        var length = _text[(nameStart + 1)..].IndexOfAny(s_attributeEnd);
        var nameEnd = length < 0 ? _text.Length : nameStart + 1 + length;
        var at = nameEnd;
        while (at < _text.Length && IsSpace(_text[at]))
        {
            at++;
        }

        if (at >= _text.Length || _text[at] != '=')
        {
            return new HtmlToken(HtmlTokenKind.Attribute, start, nameEnd, nameStart, nameEnd, nameEnd, nameEnd);
        }

        at++;
        while (at < _text.Length && (IsSpace(_text[at]) || _text[at] == '='))
        {
            at++;
        }

        if (at >= _text.Length)
        {
            return new HtmlToken(HtmlTokenKind.Attribute, start, at, nameStart, nameEnd, at, at);
        }

        return Value(start, nameStart, nameEnd, at);
    }

    private HtmlToken Value(int start, int nameStart, int nameEnd, int at)
    {
        var rest = _text[at..];
        var quote = rest[0];
        var skip = 1;
        if (rest.Length > 2 && quote == '\\' && rest[1] is '"' or '\'')
        {
            // Quotes a program escaped when it wrote the markup into a string.
            quote = rest[1];
            skip = 2;
        }
        else if (rest.Length > 2 && quote == '"' && rest[1] == '"' && !IsSpace(rest[2]) && rest[2] is not ('>' or '/'))
        {
            // Quotes doubled by a writer of comma-separated values.
            skip = 2;
        }

        if (quote is '"' or '\'')
        {
            var close = rest[skip..].IndexOf(quote);
            var valueEnd = close < 0 ? _text.Length : at + skip + close;
            var end = close < 0 ? _text.Length : Math.Min(_text.Length, valueEnd + 1);
            return new HtmlToken(HtmlTokenKind.Attribute, start, end, nameStart, nameEnd, at + skip, valueEnd, quote);
        }

        if (quote == '`')
        {
            var reach = rest[1..Math.Min(rest.Length, BacktickReach)];
            if (reach.IndexOfAny('`', '>') is var close and >= 0 && reach[close] == '`')
            {
                return new HtmlToken(HtmlTokenKind.Attribute, start, at + close + 2, nameStart, nameEnd, at + 1, at + 1 + close, quote);
            }
        }

        var length = IndexOrEnd(rest.IndexOfAny(s_valueEnd) is var index && index < 0 ? -1 : at + index);
        return new HtmlToken(HtmlTokenKind.Attribute, start, length, nameStart, nameEnd, at, length);
    }

    private HtmlToken Raw()
    {
        var name = _isScript ? "</script" : "</style";
        var isStyle = _isStyle;
        _isScript = _isStyle = false;
        _state = State.Text;
        if (isStyle && _hasNoStyleEnd)
        {
            return Text();
        }

        var at = _at;
        while (true)
        {
            var index = _text[at..].IndexOf(name, StringComparison.OrdinalIgnoreCase);
            if (index < 0 && isStyle)
            {
                // Inside of SVG and MathML a style element holds markup; without an end nothing is lost by reading it so.
                _hasNoStyleEnd = true;
                return Text();
            }

            if (index < 0)
            {
                return new HtmlToken(HtmlTokenKind.RawText, _at, _text.Length);
            }

            at += index;
            var after = at + name.Length;
            if (after >= _text.Length || !char.IsAsciiLetterOrDigit(_text[after]))
            {
                return at > _at ? new HtmlToken(HtmlTokenKind.RawText, _at, at) : Markup(at);
            }

            at = after;
        }
    }
}
