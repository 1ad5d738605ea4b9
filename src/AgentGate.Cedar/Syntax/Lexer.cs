using System.Buffers;

namespace AgentGate.Cedar.Syntax;

/// <summary>
/// Cuts Cedar policy text into tokens, the longest first, in one pass and without copying. White space is Unicode's <c>White_Space</c>;
/// a comment runs from <c>//</c> to the end of the line.
/// </summary>
/// <param name="text">The text.</param>
/// <param name="comments">Where the places of comments go, or <see langword="null"/>.</param>
internal sealed class Lexer(string text, List<SourceSpan>? comments = null)
{
    private static readonly SearchValues<char> IdentifierPart = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_");
    private int _at;

    /// <summary>The next token; <see cref="TokenKind.End"/> again and again once the text is used up.</summary>
    public Token Next()
    {
        SkipBlanks();
        if (_at >= text.Length)
        {
            return new Token(TokenKind.End, new SourceSpan(text.Length, 0));
        }

        var start = _at;
        var kind = Read(text[start]);
        return new Token(kind, new SourceSpan(start, _at - start));
    }

    private void SkipBlanks()
    {
        while (_at < text.Length)
        {
            if (char.IsWhiteSpace(text[_at]))
            {
                _at++;
            }
            else if (text.AsSpan(_at).StartsWith("//"))
            {
                var length = text.AsSpan(_at).IndexOfAny('\n', '\r');
                length = length < 0 ? text.Length - _at : length;
                comments?.Add(new SourceSpan(_at, length));
                _at += length;
            }
            else
            {
                return;
            }
        }
    }

    private TokenKind Read(char first)
    {
        if (char.IsAsciiLetter(first) || first == '_')
        {
            return Run(IdentifierPart, TokenKind.Identifier);
        }

        if (char.IsAsciiDigit(first))
        {
            var length = text.AsSpan(_at).IndexOfAnyExceptInRange('0', '9');
            _at = length < 0 ? text.Length : _at + length;
            return TokenKind.Number;
        }

        return first switch
        {
            '"' => ReadString(),
            '?' => ReadSlot(),
            _ => ReadSymbol(first),
        };
    }

    private TokenKind Run(SearchValues<char> part, TokenKind kind)
    {
        var length = text.AsSpan(_at).IndexOfAnyExcept(part);
        _at = length < 0 ? text.Length : _at + length;
        return kind;
    }

    private TokenKind ReadSlot()
    {
        _at++;
        return _at < text.Length && (char.IsAsciiLetter(text[_at]) || text[_at] == '_') ? Run(IdentifierPart, TokenKind.Slot) : TokenKind.Invalid;
    }

    private TokenKind ReadString()
    {
        _at++;
        while (true)
        {
            var length = text.AsSpan(_at).IndexOfAny('"', '\\');
            if (length < 0)
            {
                _at = text.Length;
                return TokenKind.Invalid;
            }

            _at += length;
            if (text[_at] == '"')
            {
                _at++;
                return TokenKind.String;
            }

            // A backslash takes the next character with it, but never the end of the line.
            if (_at + 1 >= text.Length || text[_at + 1] == '\n')
            {
                _at = text.Length;
                return TokenKind.Invalid;
            }

            _at += 2;
        }
    }

    private TokenKind ReadSymbol(char first)
    {
        var next = _at + 1 < text.Length ? text[_at + 1] : '\0';
        var pair = (first, next) switch
        {
            (':', ':') => TokenKind.DoubleColon,
            ('=', '=') => TokenKind.DoubleEqual,
            ('!', '=') => TokenKind.NotEqual,
            ('<', '=') => TokenKind.LessOrEqual,
            ('>', '=') => TokenKind.GreaterOrEqual,
            ('|', '|') => TokenKind.DoubleBar,
            ('&', '&') => TokenKind.DoubleAmpersand,
            _ => TokenKind.Invalid,
        };
        if (pair != TokenKind.Invalid)
        {
            _at += 2;
            return pair;
        }

        _at += char.IsSurrogatePair(first, next) ? 2 : 1;
        return first switch
        {
            '@' => TokenKind.At,
            '.' => TokenKind.Dot,
            ',' => TokenKind.Comma,
            ';' => TokenKind.Semicolon,
            ':' => TokenKind.Colon,
            '(' => TokenKind.LeftParenthesis,
            ')' => TokenKind.RightParenthesis,
            '{' => TokenKind.LeftBrace,
            '}' => TokenKind.RightBrace,
            '[' => TokenKind.LeftBracket,
            ']' => TokenKind.RightBracket,
            '<' => TokenKind.Less,
            '>' => TokenKind.Greater,
            '+' => TokenKind.Plus,
            '-' => TokenKind.Minus,
            '*' => TokenKind.Star,
            '/' => TokenKind.Slash,
            '%' => TokenKind.Percent,
            '!' => TokenKind.Bang,
            '=' => TokenKind.SingleEqual,
            _ => TokenKind.Invalid,
        };
    }
}
