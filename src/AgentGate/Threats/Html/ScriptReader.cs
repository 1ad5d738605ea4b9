using System.Buffers;
using System.Globalization;

namespace AgentGate.Threats.Html;

/// <summary>
/// Reads script without trusting its quotes: a text that is smuggled in may begin inside of a string. It looks at names
/// and at the signs around them. One pass with a bounded look ahead; allocates nothing.
/// </summary>
internal ref partial struct ScriptReader(ReadOnlySpan<char> text)
{
    /// <summary>How far it looks past a name for the sign that follows, over spaces and comments.</summary>
    private const int Reach = 96;

    /// <summary>A script of only brackets and signs shorter than this says nothing.</summary>
    private const int SignsMin = 10;

    private static readonly SearchValues<char> s_nameStart =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ$_\\0123456789{};\n[");

    private static readonly SearchValues<char> s_namePart = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_$");
    private static readonly SearchValues<char> s_signs = SearchValues.Create("[]()!+{}~-_$*/'\"`0123456789");

    private readonly ReadOnlySpan<char> _text = text;
    private ScriptTraits _traits;
    private int _at = -1;
    private int _weight;
    private char _before;
    private bool _touches;
    private int _depth;
    private int _laterDepth = int.MaxValue;
    private bool _isLater;
    private int _statements;

    /// <summary>Reads a script.</summary>
    public static ScriptFacts Read(ReadOnlySpan<char> text)
    {
        var reader = new ScriptReader(text);
        reader.Run();
        return new ScriptFacts(reader._traits, reader._at, reader._before, reader._touches);
    }

    private void Run()
    {
        Span<char> name = stackalloc char[24];
        var at = 0;
        while (at < _text.Length)
        {
            var index = _text[at..].IndexOfAny(s_nameStart);
            if (index < 0)
            {
                return;
            }

            at += index;
            var c = _text[at];
            if (char.IsAsciiDigit(c))
            {
                at = Number(at);
            }
            else if (char.IsAsciiLetter(c) || c is '$' or '_' or '\\')
            {
                var start = at;
                var length = _text[at..].IndexOfAnyExcept(s_namePart);
                length = length < 0 ? _text.Length - at : length;
                if (length > 0 && (at + length == _text.Length || _text[at + length] != '\\'))
                {
                    at += length;
                    Word(ScriptWords.Of(_text[start..at]), start, at, false);
                    continue;
                }

                at = Name(at, name, out var used, out var isEscaped);
                if (used is > 0 and <= 24)
                {
                    Word(ScriptWords.Of(name[..used]), start, at, isEscaped);
                }
            }
            else
            {
                Sign(c, at);
                at++;
            }
        }
    }

    private void Sign(char c, int at)
    {
        switch (c)
        {
            case '{':
                _depth++;
                if (_isLater && _laterDepth == int.MaxValue)
                {
                    _laterDepth = _depth;
                }

                _isLater = false;
                break;
            case '}':
                _laterDepth = _depth <= _laterDepth ? int.MaxValue : _laterDepth;
                _depth = Math.Max(0, _depth - 1);
                break;
            case '[':
                Brackets(at);
                break;
            default:
                _statements++;
                break;
        }
    }

    /// <summary>A script written with six signs: any value can be made from them.</summary>
    private void Brackets(int at)
    {
        var reach = _text[at..Math.Min(_text.Length, at + (SignsMin * 2))];
        if (reach.StartsWith("[][", StringComparison.Ordinal) || reach.StartsWith("[]+", StringComparison.Ordinal) || reach.StartsWith("[]]", StringComparison.Ordinal))
        {
            var end = reach.IndexOfAnyExcept(s_signs);
            if (end < 0 ? reach.Length >= SignsMin : end >= SignsMin && reach[end] is ' ' or ';')
            {
                Note(ScriptTraits.Hidden | ScriptTraits.Run | ScriptTraits.AtOnce, 3, at);
            }
        }
    }

    private readonly int Number(int at)
    {
        // A name cannot follow a number without a sign between them.
        while (at < _text.Length && (char.IsAsciiLetterOrDigit(_text[at]) || _text[at] == '_'))
        {
            at++;
        }

        return at;
    }

    /// <summary>Reads a name with its escapes taken off (ECMA-262, section 12.7).</summary>
    private readonly int Name(int at, Span<char> name, out int used, out bool isEscaped)
    {
        used = 0;
        isEscaped = false;
        while (at < _text.Length)
        {
            var c = _text[at];
            var length = 1;
            if (c == '\\')
            {
                var twice = at + 1 < _text.Length && _text[at + 1] == '\\' ? 1 : 0;
                length = Escape(_text[(at + twice)..], out c);
                if (length == 0)
                {
                    // A line break spelled as an escape stands between names.
                    return used > 0 ? at : at + (at + 1 < _text.Length && _text[at + 1] is 'n' or 'r' or 't' ? 2 : 1);
                }

                length += twice;
                isEscaped = true;
            }

            if (!char.IsAsciiLetterOrDigit(c) && c is not ('_' or '$'))
            {
                return used == 0 ? at + length : at;
            }

            if (used < name.Length)
            {
                name[used] = c;
            }

            used++;
            at += length;
        }

        return at;
    }

    /// <summary>A letter as <c>\u0061</c>, <c>\u{61}</c> or <c>\x61</c>.</summary>
    private static int Escape(ReadOnlySpan<char> text, out char c)
    {
        c = '\0';
        if (text.Length < 4)
        {
            return 0;
        }

        if (text[1] is 'u' && text[2] == '{')
        {
            var close = text[..Math.Min(text.Length, 16)].IndexOf('}');
            return close > 3 && uint.TryParse(text[3..close], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code) && (c = (char)code) > 0 ? close + 1 : 0;
        }

        var digits = text[1] switch { 'u' => 4, 'x' => 2, _ => 0 };
        return digits > 0 && text.Length >= 2 + digits
            && ushort.TryParse(text.Slice(2, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value) && (c = (char)value) > 0 ? 2 + digits : 0;
    }

    private void Word(ScriptWord word, int start, int end, bool isEscaped)
    {
        if (word == ScriptWord.None)
        {
            _traits |= (_traits & ScriptTraits.Acts) == 0 && Next(end, out _) is '(' or '`' or '=' ? ScriptTraits.Acts : 0;
            return;
        }

        var next = Next(end, out var nextAt);
        var isCall = next == '(' || (next == '`' && nextAt == end && (start == 0 || _text[start - 1] != '`')) || (next == '?' && Follows(nextAt, "?.(")) || (next == '\\' && IsEscapedCall(nextAt))
            || (next == '&' && IsReferencedCall(nextAt)) || (next == '.' && (Follows(nextAt, ".call") || Follows(nextAt, ".apply") || Follows(nextAt, ".bind")));
        if (start > 1 && _text[start - 1] == '-' && char.IsAsciiLetter(_text[start - 2]))
        {
            // Part of a name with hyphens, as options of commands and classes of styles have.
            return;
        }

        if (word == ScriptWord.Later && _text[start] == 'F')
        {
            // The constructor and the keyword differ in one capital.
            word = ScriptWord.Run;
        }

        if (word == ScriptWord.Later)
        {
            _isLater = true;
            return;
        }

        if (isEscaped && word is ScriptWord.Proof or ScriptWord.Run)
        {
            Note(ScriptTraits.Hidden, 2, start);
        }

        switch (word)
        {
            case ScriptWord.Proof when isCall && !IsMember(start):
                Note(ScriptTraits.Proof | Timing(), 3, start);
                break;
            case ScriptWord.Proof when IsHanded(start, next, nextAt):
                Note(ScriptTraits.Handed | Timing(), 2, start);
                break;
            case ScriptWord.Run when isCall && !IsDefined(start):
                Note(ScriptTraits.Run | Timing(), 3, start);
                break;
            case ScriptWord.Timer when isCall && TakesText(nextAt):
                Note(ScriptTraits.Run | Timing(), 3, start);
                break;
            case ScriptWord.Secret:
                Note(ScriptTraits.Secret, IsMember(start) || next == '.' || next == '[' ? 2 : 0, start);
                break;
            case ScriptWord.Send when isCall || next == '.':
                Note(ScriptTraits.Send, 1, start);
                break;
            case ScriptWord.Decode when isCall:
                Note(ScriptTraits.Hidden, 1, start);
                break;
            case ScriptWord.Write when (isCall && !IsMember(start)) || (next == '=' && IsMember(start)):
                Note(ScriptTraits.Write | Timing(), 1, start);
                break;
            case ScriptWord.Place:
                Note((next == '=' && LeavesFor(nextAt)) || (next == '.' && (Follows(nextAt, ".href=") || Follows(nextAt, ".replace(") || Follows(nextAt, ".assign("))) ? ScriptTraits.Send : 0, 1, start);
                break;
            case ScriptWord.Constructor when MakesCode(next, nextAt):
                Note(ScriptTraits.Run | ScriptTraits.Hidden | Timing(), 2, start);
                break;
            case ScriptWord.Global when next == '[' && IsComputedCall(nextAt):
                Note(ScriptTraits.Proof | ScriptTraits.Hidden | Timing(), 3, start);
                break;
            default:
                break;
        }
    }

    private void Note(ScriptTraits traits, int weight, int at)
    {
        _traits |= traits | (traits == 0 ? 0 : ScriptTraits.Acts);
        if (traits != 0 && weight > _weight)
        {
            _weight = weight;
            _at = at;
            var before = at - 1;
            while (before >= 0 && at - before < Reach && char.IsWhiteSpace(_text[before]))
            {
                before--;
            }

            _before = before < 0 || IsKeyword(before) ? '\0' : _text[before];
            _touches = before == at - 1;
        }
    }

    /// <summary>A keyword that a call may follow; it stands alone.</summary>
    private readonly bool IsKeyword(int end)
    {
        var start = end + 1;
        while (start > 0 && start > end - 6 && char.IsAsciiLetter(_text[start - 1]))
        {
            start--;
        }

        return (start == 0 || !char.IsAsciiLetterOrDigit(_text[start - 1])) && _text[start..(end + 1)] is "new" or "void" or "throw" or "typeof" or "delete" or "await";
    }

    /// <summary>At once, if no function stands around it and little came before.</summary>
    private readonly ScriptTraits Timing() => _laterDepth == int.MaxValue && !_isLater && _statements <= 3 ? ScriptTraits.AtOnce : 0;
}
