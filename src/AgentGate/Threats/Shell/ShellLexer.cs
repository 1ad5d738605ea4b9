namespace AgentGate.Threats.Shell;

/// <summary>
/// Splits a text into the words and operators a shell would see, POSIX (IEEE Std 1003.1, Shell Command Language 2.2 and
/// 2.3) with the escapes of <c>cmd.exe</c> on top. A text is rarely a whole command line: what an attacker sends lands
/// inside quotes that somebody else opened. So a quote that opens right before an operator, or is never closed, is
/// taken for the closing quote of the surroundings. One pass; the time is linear in the text.
/// </summary>
/// <param name="text">The text.</param>
/// <param name="word">Gets the last word without quotes and escapes.</param>
internal ref struct ShellLexer(ReadOnlySpan<char> text, Span<char> word)
{
    private const int ShortQuoteMax = 24;
    private readonly ReadOnlySpan<char> _text = text;
    private readonly Span<char> _word = word;
    private readonly bool _plusIsBlank = !text.ContainsAny(' ', '\t') && text.Contains('+');
    private readonly int _lastSingle = text.LastIndexOf('\'');
    private readonly int _lastDouble = text.LastIndexOf('"');
    private int _at;
    private int _length;
    private bool _inBraces;

    /// <summary>The last word, as the shell would hand it on.</summary>
    public readonly ReadOnlySpan<char> Word => _word[.._length];

    /// <summary>How many characters have been looked at, for the law that it is linear.</summary>
    public int Steps { get; private set; }

    /// <summary>Reads the next token; false at the end of the text.</summary>
    public bool Next(out ShellToken token)
    {
        SkipBlanks();
        if (_at >= _text.Length)
        {
            token = new(ShellOperator.End, _text.Length, 0, ShellWordTraits.None);
            return false;
        }

        var start = _at;
        var found = ReadOperator();
        token = found != ShellOperator.None ? new(found, start, _at - start, ShellWordTraits.None) : ReadWord(start);
        return true;
    }

    private void SkipBlanks()
    {
        while (_at < _text.Length && (IsBlank(_text[_at]) || (_inBraces && _text[_at] == ',') || IsFieldSeparator(out _)))
        {
            Steps++;
            _at += IsFieldSeparator(out var length) ? length : 1;
        }
    }

    private readonly bool IsBlank(char c) => c is ' ' or '\t' or '\u00a0' or '\v' or '\f' || (c == '+' && _plusIsBlank);

    // $IFS and ${IFS...} stand for a space; $IFS$9 is the same with an empty parameter behind it.
    private readonly bool IsFieldSeparator(out int length)
    {
        length = 0;
        var rest = _text[_at..];
        if (rest.Length < 4 || rest[0] != '$')
        {
            return false;
        }

        if (rest.StartsWith("${IFS", StringComparison.OrdinalIgnoreCase))
        {
            var end = rest[..Math.Min(rest.Length, ShortQuoteMax)].IndexOf('}');
            length = end < 0 ? 5 : end + 1;
        }
        else if (rest.StartsWith("$IFS", StringComparison.OrdinalIgnoreCase))
        {
            length = 4;
        }

        if (length > 0 && _at + length + 1 < _text.Length && _text[_at + length] == '$' && char.IsAsciiDigit(_text[_at + length + 1]))
        {
            length += 2;
        }

        return length > 0;
    }

    private ShellOperator ReadOperator()
    {
        Steps++;
        var c = _text[_at];
        var next = _at + 1 < _text.Length ? _text[_at + 1] : '\0';
        switch (c)
        {
            case ';':
                return Advance(next == ';' ? 2 : 1, ShellOperator.Semicolon);
            case '&':
                return next == '&' ? Advance(2, ShellOperator.And) : next == '>' ? Advance(2, ShellOperator.Redirect) : Advance(1, ShellOperator.Background);
            case '|':
                return next == '|' ? Advance(2, ShellOperator.Or) : Advance(next == '&' ? 2 : 1, ShellOperator.Pipe);
            case '\n' or '\r':
                return Advance(1, ShellOperator.NewLine);
            case '`':
                return Advance(1, ShellOperator.Backtick);
            case '$' when next == '(':
                return Advance(2, ShellOperator.Substitution);
            case '<' or '>' when next == '(':
                return Advance(2, ShellOperator.Substitution);
            case '<' or '>':
                return Advance(next == c ? 2 : next == '&' ? 2 : 1, ShellOperator.Redirect);
            case '(':
                return Advance(1, ShellOperator.Group);
            case ')':
                return Advance(1, ShellOperator.Close);
            case '{' when IsBlank(next) || next is '\n' or '\r' or ';':
                return Advance(1, ShellOperator.Group);
            case '{' when OpensBraces():
                _inBraces = true;
                return Advance(1, ShellOperator.Group);
            case '}' when _inBraces || next is '\0' or ' ' or ';' or '\n':
                _inBraces = false;
                return Advance(1, ShellOperator.Close);
            case '\\' when next is 'n' or 'r' && IsWrittenBreak():
                // A real break at the beginning means nothing; one that is written out was meant to be read by something.
                return Advance(2, ShellOperator.Semicolon);
            case '"' or '\'' when IsForeignQuote(c):
                _at++;
                SkipBlanks();
                return _at < _text.Length ? ReadOperator() : ShellOperator.End;
            default:
                return ShellOperator.None;
        }
    }

    private ShellOperator Advance(int length, ShellOperator found)
    {
        _at += length;
        return found;
    }

    // "{cat,/etc/passwd}" becomes two words; "{}" and "{name}" stay what they are.
    private readonly bool OpensBraces()
    {
        var rest = _text[_at..Math.Min(_text.Length, _at + 64)];
        var at = rest.IndexOfAny(", }\n".AsSpan());
        return at > 1 && rest[at] == ',' && char.IsAsciiLetter(rest[1]);
    }

    // A line break somebody wrote out: at the beginning of the text or behind a quote, in front of a command.
    private readonly bool IsWrittenBreak()
        => (_at == 0 || _text[_at - 1] is '"' or '\'' or '|' or ';' || _plusIsBlank) && (_at + 2 >= _text.Length || _text[_at + 2] is '/' or '\\' or '{' or '"' or '\'' || char.IsAsciiLetter(_text[_at + 2]));

    // A quote right in front of an operator closes what the surroundings opened.
    private readonly bool IsForeignQuote(char quote)
    {
        if (_at != 0 && !(char.IsAsciiLetterOrDigit(_text[_at - 1]) || _text[_at - 1] is ')' or '\'' or '"' or ']'))
        {
            return _at >= (quote == '"' ? _lastDouble : _lastSingle);
        }

        var at = _at + 1;
        while (at < _text.Length && at < _at + 4 && (IsBlank(_text[at]) || _text[at] == ')'))
        {
            at++;
        }

        return at >= _text.Length
            || _text[at] is ';' or '|' or '&' or '\n' or '\r' or '`'
            || (_text[at] == '\\' && at + 1 < _text.Length && _text[at + 1] is 'n' or 'r')
            || _at >= (quote == '"' ? _lastDouble : _lastSingle);
    }

    private ShellToken ReadWord(int start)
    {
        _length = 0;
        var traits = ShellWordTraits.None;
        var end = false;
        while (_at < _text.Length && !end)
        {
            Steps++;
            var c = _text[_at];
            switch (c)
            {
                case '\'' or '"':
                    end = !ReadQuote(c, start, ref traits);
                    break;
                case '\\' when _at + 1 < _text.Length:
                    end = ReadEscape(start, ref traits);
                    break;
                case '^' when _at + 1 < _text.Length && _at > start && char.IsAsciiLetter(_text[_at + 1]):
                    traits |= ShellWordTraits.Unquoted;
                    _at++;
                    break;
                case '$':
                    end = ReadVariable(start, ref traits);
                    break;
                case ',' when _inBraces:
                    end = true;
                    break;
                case ';' or '|' or '\n' or '\r' or '`' or '<' or '>' or '(' or ')':
                    end = true;
                    break;
                case '&':
                    end = true;
                    break;
                case '}' when _inBraces:
                    end = true;
                    break;
                default:
                    if (IsBlank(c))
                    {
                        end = true;
                        break;
                    }

                    Keep(c, ref traits);
                    _at++;
                    break;
            }
        }

        // INVARIANT: every call moves on, or a text could be read forever.
        if (_at == start)
        {
            _at++;
        }

        return new(ShellOperator.None, start, _at - start, traits);
    }

    private bool ReadQuote(char quote, int start, ref ShellWordTraits traits)
    {
        if (_at > start && IsForeignQuote(quote))
        {
            return false;
        }

        var last = quote == '"' ? _lastDouble : _lastSingle;
        if (_at >= last)
        {
            _at++;
            return true;
        }

        var inside = _text[(_at + 1)..];
        var isApostrophe = quote == '\'' && _at > 0 && char.IsAsciiLetter(_text[_at - 1]);
        var close = isApostrophe ? inside[..Math.Min(inside.Length, ShortQuoteMax)].IndexOf(quote) : inside.IndexOf(quote);
        Steps += Math.Max(close, 0);
        if (isApostrophe && (close < 0 || inside[..close].ContainsAny(' ', '\n', ';')))
        {
            // "don't" and "can't": no shell.
            Keep(quote, ref traits);
            _at++;
            return true;
        }

        if (close == 0)
        {
            traits |= ShellWordTraits.Spliced;
        }

        if (_at == start)
        {
            traits |= ShellWordTraits.Quoted;
        }

        traits |= ShellWordTraits.Unquoted;
        var content = inside[..close];

        // Double quotes do not stop substitution.
        var stop = quote == '"' ? content.IndexOfAny('`', '$') : -1;
        if (stop >= 0 && (content[stop] == '`' || (stop + 1 < content.Length && content[stop + 1] == '(')))
        {
            KeepAll(content[..stop], ref traits);
            _at += 1 + stop;
            return false;
        }

        KeepAll(content, ref traits);
        _at += close + 2;
        return true;
    }

    private bool ReadEscape(int start, ref ShellWordTraits traits)
    {
        var next = _text[_at + 1];
        if (next is '\n' or '\r')
        {
            _at += 2;
            return false;
        }

        // What was meant as a line break ends the word that stands before it.
        if (next is 'n' or 'r' && _at > start && (_at + 2 >= _text.Length || _text[_at + 2] is '"' or '\'' or '\\' || (_text[start] != '\\' && IsBreakBehindCommand(start))))
        {
            _at += _at + 2 >= _text.Length ? 2 : 0;
            return _at >= _text.Length || EndAtBreak();
        }

        // Behind a drive, a share or a variable the backslash separates folders.
        if (_length > 0 && char.IsAsciiLetterOrDigit(next) && (_word[.._length].ContainsAny(':', '%', '\\') || _word[_length - 1] == '.'))
        {
            Keep('\\', ref traits);
            _at++;
            return false;
        }

        if (_length == 2 && _word[1] == ':')
        {
            Keep('\\', ref traits);
            _at++;
            return false;
        }

        if (next == '\\')
        {
            Keep('\\', ref traits);
            _at += 2;
            return false;
        }

        traits |= ShellWordTraits.Unquoted;
        Keep(next, ref traits);
        _at += 2;
        return false;
    }

    private readonly bool IsBreakBehindCommand(int start) => start == 0 && _text[start] == ';' && _at > start;

    private bool EndAtBreak()
    {
        _at += 2;
        return true;
    }

    private bool ReadVariable(int start, ref ShellWordTraits traits)
    {
        var next = _at + 1 < _text.Length ? _text[_at + 1] : '\0';
        if (next == '(' || IsFieldSeparator(out _))
        {
            if (_at > start)
            {
                return true;
            }

            // Only an operator may begin here, and that was looked for before.
            Keep('$', ref traits);
            _at++;
            return false;
        }

        if (next is '@' or '*' || char.IsAsciiDigit(next))
        {
            traits |= ShellWordTraits.Spliced;
            _at += 2;
            return false;
        }

        if (next == '{' || char.IsAsciiLetter(next) || next == '_')
        {
            if (_at == start)
            {
                traits |= ShellWordTraits.Variable;
            }
        }

        Keep('$', ref traits);
        _at++;
        return false;
    }

    private void KeepAll(ReadOnlySpan<char> content, ref ShellWordTraits traits)
    {
        var take = Math.Min(content.Length, _word.Length - _length);
        content[..take].CopyTo(_word[_length..]);
        _length += take;
        if (take < content.Length)
        {
            traits |= ShellWordTraits.Cut;
        }
    }

    private void Keep(char c, ref ShellWordTraits traits)
    {
        if (_length < _word.Length)
        {
            _word[_length++] = c;
        }
        else
        {
            traits |= ShellWordTraits.Cut;
        }
    }
}
