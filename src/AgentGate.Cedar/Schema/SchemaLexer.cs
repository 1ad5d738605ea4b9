namespace AgentGate.Cedar.Schema;

/// <summary>Cuts a schema in Cedar syntax into tokens, one at a time. Comments run from <c>//</c> to the end of the line.</summary>
internal sealed class SchemaLexer(string text, SchemaText source)
{
    private int _at;

    /// <summary>The next token.</summary>
    /// <exception cref="SchemaException">No token starts here.</exception>
    public SchemaToken Next()
    {
        SkipBlank();
        if (_at == text.Length)
        {
            return new(SchemaTokenKind.End, new(_at, 0));
        }

        var start = _at;
        var kind = text[_at] switch
        {
            ',' => SchemaTokenKind.Comma,
            ';' => SchemaTokenKind.Semicolon,
            ':' when start + 1 < text.Length && text[start + 1] == ':' => SchemaTokenKind.DoubleColon,
            ':' => SchemaTokenKind.Colon,
            '{' => SchemaTokenKind.OpenBrace,
            '}' => SchemaTokenKind.CloseBrace,
            '[' => SchemaTokenKind.OpenBracket,
            ']' => SchemaTokenKind.CloseBracket,
            '(' => SchemaTokenKind.OpenParenthesis,
            ')' => SchemaTokenKind.CloseParenthesis,
            '<' => SchemaTokenKind.Less,
            '>' => SchemaTokenKind.Greater,
            '=' => SchemaTokenKind.Equal,
            '?' => SchemaTokenKind.Question,
            '@' => SchemaTokenKind.At,
            '"' => SchemaTokenKind.String,
            '_' or (>= 'a' and <= 'z') or (>= 'A' and <= 'Z') => SchemaTokenKind.Identifier,
            _ => throw Unexpected(start),
        };
        _at = kind switch
        {
            SchemaTokenKind.Identifier => EndOfIdentifier(start),
            SchemaTokenKind.String => EndOfString(start),
            SchemaTokenKind.DoubleColon => start + 2,
            _ => start + 1,
        };
        return new(kind, new(start, _at - start));
    }

    private SchemaException Unexpected(int start)
    {
        var isPair = char.IsHighSurrogate(text[start]) && start + 1 < text.Length && char.IsLowSurrogate(text[start + 1]);
        return source.Error(
            new(start, isPair ? 2 : 1),
            char.IsAsciiDigit(text[start]) ? "a schema has no numbers" : char.IsControl(text[start]) ? "unexpected control character" : $"unexpected `{text.AsSpan(start, isPair ? 2 : 1)}`",
            char.IsAsciiDigit(text[start]) ? "an identifier starts with a letter or `_`" : null);
    }

    private void SkipBlank()
    {
        while (_at < text.Length)
        {
            if (char.IsWhiteSpace(text[_at]))
            {
                _at++;
            }
            else if (text[_at] == '/' && _at + 1 < text.Length && text[_at + 1] == '/')
            {
                var end = text.AsSpan(_at).IndexOfAny('\n', '\r');
                _at = end < 0 ? text.Length : _at + end;
            }
            else
            {
                return;
            }
        }
    }

    private int EndOfIdentifier(int start)
    {
        var end = start + 1;
        while (end < text.Length && (char.IsAsciiLetterOrDigit(text[end]) || text[end] == '_'))
        {
            end++;
        }

        return end;
    }

    private int EndOfString(int start)
    {
        var at = start + 1;
        while (at < text.Length)
        {
            var next = text.AsSpan(at).IndexOfAny('"', '\\');
            if (next < 0)
            {
                break;
            }

            at += next;
            if (text[at] == '"')
            {
                return at + 1;
            }

            if (at + 1 < text.Length && text[at + 1] == '\n')
            {
                throw source.Error(new(at, 1), "a `\\` stands before the end of the line", "write `\\n` for a line break, `\\\\` for a backslash");
            }

            at += 2;
        }

        throw source.Error(new(start, 1), "the string does not end", "add the closing `\"`");
    }
}
