using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace AgentGate.Cedar.Syntax;

/// <summary>
/// What a string literal stands for. Escapes are those of a Rust string literal, which Cedar's grammar takes over:
/// <c>\n \r \t \0 \\ \' \"</c>, <c>\x</c> with two hex digits up to 7f, and <c>\u{…}</c> with one to six hex digits and underscores between.
/// A carriage return must be escaped; other characters stand for themselves, line feeds too.
/// </summary>
internal ref struct StringLiteral
{
    private readonly ReadOnlySpan<char> _body;
    private readonly bool _isPattern;
    private readonly StringBuilder _piece = new();
    private readonly ImmutableArray<string>.Builder? _pieces;
    private int _at;

    private StringLiteral(ReadOnlySpan<char> body, bool isPattern)
    {
        _body = body;
        _isPattern = isPattern;
        _pieces = isPattern ? ImmutableArray.CreateBuilder<string>() : null;
    }

    /// <summary>Reads a literal without its quotes.</summary>
    /// <param name="body">What stands between the quotes.</param>
    /// <param name="value">The text, when there is no fault.</param>
    /// <param name="fault">The offending part of <paramref name="body"/>, otherwise.</param>
    public static bool TryRead(ReadOnlySpan<char> body, out string value, out SourceSpan fault)
    {
        if (body.IndexOfAny('\\', '\r') < 0)
        {
            (value, fault) = (body.ToString(), SourceSpan.None);
            return true;
        }

        var literal = new StringLiteral(body, isPattern: false);
        var isRead = literal.Read(out fault);
        value = isRead ? literal._piece.ToString() : "";
        return isRead;
    }

    /// <summary>Reads the literal after <c>like</c>: a star is a wildcard, however it is written, save as <c>\*</c>.</summary>
    public static bool TryReadPattern(ReadOnlySpan<char> body, out LikePattern pattern, out SourceSpan fault)
    {
        var literal = new StringLiteral(body, isPattern: true);
        var isRead = literal.Read(out fault);
        literal.EndPiece();
        pattern = new LikePattern(literal._pieces!.ToImmutable());
        return isRead;
    }

    private bool Read(out SourceSpan fault)
    {
        while (_at < _body.Length)
        {
            var start = _at;
            var first = _body[_at++];
            var isRead = first switch
            {
                '\\' => ReadEscape(),
                '\r' => false,
                _ => Append(first),
            };
            if (!isRead)
            {
                fault = new SourceSpan(start, Math.Max(1, Math.Min(_at, _body.Length) - start));
                return false;
            }
        }

        fault = SourceSpan.None;
        return true;
    }

    private bool Append(char value)
    {
        if (_isPattern && value == '*')
        {
            EndPiece();
        }
        else
        {
            _piece.Append(value);
        }

        return true;
    }

    private readonly void EndPiece()
    {
        _pieces!.Add(_piece.ToString());
        _piece.Clear();
    }

    private bool ReadEscape()
    {
        var kind = _at < _body.Length ? _body[_at++] : '\0';
        switch (kind)
        {
            case 'n':
                return Append('\n');
            case 'r':
                return Append('\r');
            case 't':
                return Append('\t');
            case '0':
                return Append('\0');
            case '\\' or '\'' or '"':
                return Append(kind);
            case 'x':
                return ReadHex();
            case 'u':
                return ReadUnicode();
            case '*' when _isPattern:
                _piece.Append('*');
                return true;
            default:
                return false;
        }
    }

    private bool ReadHex()
    {
        var digits = _body.Slice(_at, Math.Min(2, _body.Length - _at));
        _at += digits.Length;
        return digits.Length == 2
            && char.IsAsciiHexDigit(digits[0])
            && byte.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value)
            && value <= 0x7f
            && Append((char)value);
    }

    private bool ReadUnicode()
    {
        var end = _body[_at..].IndexOf('}');
        if (end < 2 || _body[_at] != '{' || _body[_at + 1] == '_')
        {
            _at = end < 0 ? _body.Length : _at + end + 1;
            return false;
        }

        var (value, digits) = (0, 0);
        foreach (var digit in _body.Slice(_at + 1, end - 1))
        {
            if (digit == '_')
            {
                continue;
            }

            if (!char.IsAsciiHexDigit(digit) || ++digits > 6)
            {
                _at += end + 1;
                return false;
            }

            value = (value * 16) + Convert.ToInt32(digit.ToString(), 16);
        }

        _at += end + 1;
        if (!Rune.TryCreate(value, out var rune))
        {
            return false;
        }

        if (rune.IsBmp)
        {
            return Append((char)rune.Value);
        }

        _piece.Append(rune.ToString());
        return true;
    }
}
