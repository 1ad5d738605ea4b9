namespace AgentGate.Architecture.Tests.Source;

/// <summary>
/// One C# file with its comments, and optionally the contents of its strings, replaced by spaces. Every offset and line
/// number stays what it is in the file. Code in the holes of interpolated strings counts as code.
/// </summary>
internal sealed class CSharpText
{
    private static readonly Dictionary<string, CSharpText> Cache = new(StringComparer.Ordinal);
    private readonly string _source;
    private readonly char[] _code;
    private readonly char[] _withStrings;
    private int _at;

    private CSharpText(string path, string source)
    {
        Path = path;
        _source = source;
        _code = source.ToCharArray();
        _withStrings = source.ToCharArray();
        ReadCode(untilBrace: false);
        Code = new string(_code);
        WithStrings = new string(_withStrings);
    }

    public string Path { get; }

    /// <summary>The code without comments and without the contents of strings.</summary>
    public string Code { get; }

    /// <summary>The code without comments.</summary>
    public string WithStrings { get; }

    public static CSharpText Of(string path)
    {
        lock (Cache)
        {
            if (!Cache.TryGetValue(path, out var text))
            {
                Cache[path] = text = Parse(path, Repository.Read(path));
            }

            return text;
        }
    }

    public static CSharpText Parse(string path, string source) => new(path, source);

    public string At(int offset) => $"{Path}:{1 + _source.AsSpan(0, offset).Count('\n')}";

    /// <summary>The code outside all braces: where a file with a file-scoped namespace declares its types.</summary>
    public string TopLevel()
    {
        var depth = 0;
        var top = new char[Code.Length];
        for (var i = 0; i < Code.Length; i++)
        {
            depth -= Code[i] == '}' ? 1 : 0;
            top[i] = depth == 0 || Code[i] == '\n' ? Code[i] : ' ';
            depth += Code[i] == '{' ? 1 : 0;
        }

        return new string(top);
    }

    private void ReadCode(bool untilBrace)
    {
        for (var depth = 0; _at < _source.Length; )
        {
            var c = _source[_at];
            if (untilBrace && depth == 0 && c == '}')
            {
                return;
            }

            if (c == '/' && Peek(1) == '/')
            {
                Comment(_source.IndexOf('\n', _at) is var end and >= 0 ? end : _source.Length);
            }
            else if (c == '/' && Peek(1) == '*')
            {
                Comment(_source.IndexOf("*/", _at + 2, StringComparison.Ordinal) is var end and >= 0 ? end + 2 : _source.Length);
            }
            else if (c == '\'')
            {
                Character();
            }
            else if (c is '"' or '$' or '@' && StringStart() is { } start)
            {
                Text(start.Quotes, start.Dollars, start.Verbatim);
            }
            else
            {
                depth += c switch { '{' => 1, '}' => -1, _ => 0 };
                _at++;
            }
        }
    }

    // Reads "$@" prefixes and the opening quotes; stays where it is when no string starts here.
    private (int Quotes, int Dollars, bool Verbatim)? StringStart()
    {
        var at = _at;
        var dollars = 0;
        var verbatim = false;
        for (; at < _source.Length && _source[at] is '$' or '@'; at++)
        {
            dollars += _source[at] == '$' ? 1 : 0;
            verbatim |= _source[at] == '@';
        }

        var quotes = 0;
        while (at + quotes < _source.Length && _source[at + quotes] == '"')
        {
            quotes++;
        }

        if (quotes == 0)
        {
            return null;
        }

        quotes = quotes >= 3 && !verbatim ? quotes : 1;
        _at = at + quotes;
        return (quotes, dollars, verbatim);
    }

    private void Text(int quotes, int dollars, bool verbatim)
    {
        var raw = quotes >= 3;
        while (_at < _source.Length)
        {
            var c = _source[_at];
            if (c == '\\' && !raw && !verbatim)
            {
                Hide(2);
            }
            else if (c == '"' && verbatim && Peek(1) == '"')
            {
                Hide(2);
            }
            else if (c == '"' && Run('"') >= quotes)
            {
                _at += quotes;
                return;
            }
            else if (c == '{' && dollars > 0)
            {
                Hole(raw ? dollars : 1, raw);
            }
            else
            {
                Hide(1);
            }
        }
    }

    private void Hole(int braces, bool raw)
    {
        var run = Run('{');
        if (raw ? run < braces : run % 2 == 0)
        {
            Hide(run);
            return;
        }

        Hide(run - braces);
        _at += braces;
        ReadCode(untilBrace: true);
        _at = Math.Min(_at + braces, _source.Length);
    }

    private void Character()
    {
        _at++;
        while (_at < _source.Length && _source[_at] is not ('\'' or '\n'))
        {
            Hide(_source[_at] == '\\' ? 2 : 1);
        }

        _at = Math.Min(_at + 1, _source.Length);
    }

    private void Comment(int end)
    {
        for (; _at < end; _at++)
        {
            Blank(_code);
            Blank(_withStrings);
        }
    }

    private void Hide(int count)
    {
        for (; count > 0 && _at < _source.Length; count--, _at++)
        {
            Blank(_code);
        }
    }

    private void Blank(char[] copy) => copy[_at] = _source[_at] is '\n' or '\r' ? _source[_at] : ' ';

    private char Peek(int offset) => _at + offset < _source.Length ? _source[_at + offset] : '\0';

    private int Run(char c)
    {
        var length = 0;
        while (Peek(length) == c)
        {
            length++;
        }

        return length;
    }
}
