using System.Buffers;

namespace AgentGate.Threats.Sql;

/// <summary>
/// Cuts a text into tokens of SQL without deciding where strings are: an injected text begins inside of one, and nobody
/// knows of which. Quotation marks are tokens, so that the grammar may take each as an end or as a beginning.
/// Comments that hide nothing are gaps, as servers take them; conditional comments of MySQL are read as the code they are.
/// Linear: no character is looked at more than a fixed number of times.
/// </summary>
internal ref struct SqlTokenizer(ReadOnlySpan<char> text)
{
    private static readonly SearchValues<char> s_inComment = SearchValues.Create("'\"`;‘’′“”");

    private readonly ReadOnlySpan<char> _text = text;
    private int _at;
    private SqlGap _gap;
    private int _closeAt;      // where the next */ is, if that was searched already
    private int _hidingAt;     // where the next character is that makes a comment worth reading
    private int _conditional;  // conditional comments that are open

    /// <summary>Whether the text is used up.</summary>
    public readonly bool IsAtEnd => _at >= _text.Length;

    /// <summary>How many characters were consumed.</summary>
    public readonly int Consumed => _at;

    /// <summary>Reads tokens until the buffer is full or the text ends.</summary>
    /// <returns>How many were read.</returns>
    public int Fill(scoped Span<SqlToken> buffer)
    {
        var count = 0;
        while (count < buffer.Length && SkipGap())
        {
            var start = _at;
            ref var token = ref buffer[count++];
            token = default;
            token.Gap = _gap;
            token.Start = start;
            _gap = SqlGap.None;
            Read(ref token);
            token.Length = _at - start;
            if (token.Kind == SqlKind.Word)
            {
                token.Word = SqlWords.Of(_text.Slice(start, token.Length));
            }
        }

        return count;
    }

    private void Read(ref SqlToken token)
    {
        var c = _text[_at];
        token.Symbol = c;
        if (IsWordStart(c))
        {
            token.Kind = SqlKind.Word;
            var rest = _text[_at..];
            var size = 1;
            while (size < rest.Length && IsWordPart(rest[size]))
            {
                size++;
            }

            _at += size;
            return;
        }

        if (char.IsAsciiDigit(c) || (c == '.' && char.IsAsciiDigit(Ahead(1))))
        {
            token.Kind = SqlKind.Number;
            ReadNumber();
            return;
        }

        if (QuoteOf(c) is var mark && mark != 0)
        {
            token.Kind = SqlKind.Quote;
            token.Symbol = mark;
            while (_at < _text.Length && QuoteOf(_text[_at]) == mark)
            {
                _at++;
            }

            return;
        }

        if (c == '@' && (Ahead(1) is '@' or '`' || IsWordStart(Ahead(1)) || char.IsAsciiDigit(Ahead(1))))
        {
            token.Kind = SqlKind.Variable;
            _at++;
            while (_at < _text.Length && (_text[_at] is '@' or '$' || IsWordStart(_text[_at]) || char.IsAsciiDigit(_text[_at])))
            {
                _at++;
            }

            return;
        }

        token.Kind = Operator(c, out var length);
        _at += length;
    }

    private readonly SqlKind Operator(char c, out int length)
    {
        var next = Ahead(1);
        length = 2;
        switch (c)
        {
            case '-' when next == '-':
                return SqlKind.LineComment;
            case '/' when next == '*':
                return SqlKind.BlockOpen;
            case '*' when next == '/':
                return SqlKind.BlockClose;
            case '|' when next == '|':
                return SqlKind.Concat;
            case '&' when next == '&':
                return SqlKind.Both;
            case '<' when next == '=' && Ahead(2) == '>':
                length = 3;
                return SqlKind.Compare;
            case '<' when next is '=' or '>':
            case '>' or '!' or ':' or '=' or '~' or '^' when next == '=':
                return SqlKind.Compare;
            case '<' when next == '<':
            case '>' when next == '>':
                return SqlKind.Arithmetic;
            default:
                length = 1;
                return c switch
                {
                    '(' => SqlKind.Open,
                    ')' => SqlKind.Close,
                    ',' => SqlKind.Comma,
                    '.' => SqlKind.Dot,
                    ';' => SqlKind.Semicolon,
                    '=' or '<' or '>' => SqlKind.Compare,
                    '+' or '-' or '*' or '/' or '%' or '^' or '&' or '|' or '~' => SqlKind.Arithmetic,
                    '!' => SqlKind.Bang,
                    '#' or '–' or '—' => SqlKind.LineComment,
                    _ => SqlKind.Other,
                };
        }
    }

    private void ReadNumber()
    {
        if (_text[_at] == '0' && (Ahead(1) | 0x20) == 'x')
        {
            _at += 2;
            while (_at < _text.Length && char.IsAsciiHexDigit(_text[_at]))
            {
                _at++;
            }

            return;
        }

        Digits();
        if (_at < _text.Length && _text[_at] == '.')
        {
            _at++;
            Digits();
        }

        if (_at < _text.Length && (_text[_at] | 0x20) == 'e')
        {
            var sign = Ahead(1) is '+' or '-' ? 2 : 1;
            if (char.IsAsciiDigit(Ahead(sign)))
            {
                _at += sign;
                Digits();
            }
        }
    }

    private void Digits()
    {
        while (_at < _text.Length && char.IsAsciiDigit(_text[_at]))
        {
            _at++;
        }
    }

    /// <summary>Skips what separates tokens.</summary>
    /// <returns>False at the end of the text.</returns>
    private bool SkipGap()
    {
        while (_at < _text.Length)
        {
            var c = _text[_at];
            if (c == ' ')
            {
                _gap |= SqlGap.Space;
                _at++;
            }
            else if (char.IsAsciiLetterOrDigit(c))
            {
                return true;
            }
            else if (c is '\n' or '\r')
            {
                _gap |= SqlGap.Line | SqlGap.Space;
                _at++;
            }
            else if (IsSpace(c) || c == '\\' || (c == '+' && IsFormSpace()))
            {
                _gap |= SqlGap.Space;
                _at++;
            }
            else if (c == '/' && Ahead(1) == '*' && SkipComment())
            {
                _gap |= SqlGap.Comment;
            }
            else if (c == '*' && _conditional > 0 && Ahead(1) == '/')
            {
                _conditional--;
                _gap |= SqlGap.Comment;
                _at += 2;
            }
            else
            {
                return true;
            }
        }

        return false;
    }

    private bool SkipComment()
    {
        if (Ahead(2) == '!')
        {
            _at += 3;
            for (var digits = 0; digits < 6 && _at < _text.Length && char.IsAsciiDigit(_text[_at]); digits++)
            {
                _at++;
            }

            _conditional++;
            return true;
        }

        var inside = _at + 2;
        if (_closeAt < inside)
        {
            var found = _text[inside..].IndexOf("*/");
            _closeAt = found < 0 ? int.MaxValue : inside + found;
        }

        if (_hidingAt < inside)
        {
            var found = _text[inside..].IndexOfAny(s_inComment);
            _hidingAt = found < 0 ? int.MaxValue : inside + found;
        }

        if (_closeAt == int.MaxValue || _hidingAt < _closeAt)
        {
            return false;
        }

        _at = _closeAt + 2;
        return true;
    }

    /// <summary>In a form, a plus is a space: one that is joined on both sides and has a keyword or a comment on one.</summary>
    private readonly bool IsFormSpace()
    {
        if (_at == 0 || IsSpace(_text[_at - 1]) || IsSpace(Ahead(1)))
        {
            return _at == 0 && char.IsAsciiLetter(Ahead(1));
        }

        if ((Ahead(1) == '/' && Ahead(2) == '*') || (_at > 1 && _text[_at - 1] == '/' && _text[_at - 2] == '*'))
        {
            return true;
        }

        var from = _at;
        while (from > 0 && char.IsAsciiLetter(_text[from - 1]) && _at - from < 12)
        {
            from--;
        }

        var to = _at + 1;
        while (to < _text.Length && char.IsAsciiLetter(_text[to]) && to - _at < 12)
        {
            to++;
        }

        return (from < _at && Separates(SqlWords.Of(_text[from.._at]))) || (to > _at + 1 && Separates(SqlWords.Of(_text[(_at + 1)..to])));
    }

    private static bool Separates(SqlWord word) => SqlWords.IsReserved(word) || SqlWords.IsStatement(word) || word == SqlWord.Delay;

    private readonly char Ahead(int by) => _at + by < _text.Length ? _text[_at + by] : '\0';

    internal static bool IsSpace(char c) => c <= ' ' || c is '\u007f' or '\u00a0' or '\ufffd' or '\u3000' or '\ufeff' || (c is >= '\u2000' and <= '\u200d') || c == '\u2028';

    internal static bool IsWordStart(char c) => c < 128
        ? c >= 64 && (HighWord >> (c & 63) & 1) != 0
        : c >= '\u0080' && !IsSpace(c) && QuoteOf(c) == 0 && c is not ('–' or '—' or '…' or '•' or '·' or '«' or '»');

    private static bool IsWordPart(char c) => c < 128 ? ((c < 64 ? LowWord : HighWord) >> (c & 63) & 1) != 0 : IsWordStart(c);

    /// <summary>The digits and the dollar sign, one bit each.</summary>
    private const ulong LowWord = (0x3FFUL << '0') | (1UL << '$');

    /// <summary>The letters and the underscore.</summary>
    private const ulong HighWord = (0x3FFFFFFUL << ('A' - 64)) | (0x3FFFFFFUL << ('a' - 64)) | (1UL << ('_' - 64));

    internal static char QuoteOf(char c) => c switch
    {
        '\'' or '‘' or '’' or '′' or 'ʼ' or '´' => '\'',
        '"' or '“' or '”' or '″' => '"',
        '`' => '`',
        _ => '\0',
    };
}
