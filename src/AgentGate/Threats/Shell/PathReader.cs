namespace AgentGate.Threats.Shell;

/// <summary>
/// Walks the paths of a text, one after the other, and resolves each as a file system would. One pass, no going back:
/// the time is linear in the text. The resolved path is kept up to a bound; what is longer keeps its beginning and
/// forgets segments behind the bound, except for the climbs, which are counted to the end.
/// </summary>
/// <param name="text">The text.</param>
/// <param name="resolved">Gets the resolved path.</param>
internal ref struct PathReader(ReadOnlySpan<char> text, Span<char> resolved)
{
    private const int PaddingMin = 100;
    private readonly ReadOnlySpan<char> _text = text;
    private readonly Span<char> _resolved = resolved;
    private int _at;
    private int _filled;
    private int _skipped;
    private int _segmentStart;
    private int _dots;
    private int _encodedDots;
    private int _others;
    private int _depth;

    /// <summary>The path that was read last, resolved: lower case, one slash between segments, none in front.</summary>
    public readonly ReadOnlySpan<char> Resolved => _resolved[.._filled];

    /// <summary>How many units have been looked at.</summary>
    public int Steps { get; private set; }

    /// <summary>Reads the next path.</summary>
    public bool Next(out PathFacts facts)
    {
        facts = default;
        while (_at < _text.Length && IsBoundary(_text[_at]))
        {
            _at++;
            Steps++;
        }

        if (_at >= _text.Length)
        {
            return false;
        }

        _filled = _skipped = _depth = 0;
        StartSegment();
        facts.Start = _at;
        ReadRoot(ref facts);
        while (_at < _text.Length)
        {
            Steps++;
            var unit = PathUnits.Read(_text, _at, out var length, out var value, out var isEncoded);
            if (unit == PathUnit.Other && !isEncoded && EndsPath(value, in facts))
            {
                break;
            }

            unit = Reinterpret(unit, ref length, ref value, ref isEncoded, in facts);
            Take(unit, value, isEncoded, ref facts);
            _at += length;
        }

        // INVARIANT: every call moves on, or a text could be read forever.
        _at = Math.Max(_at, facts.Start + 1);
        EndSegment(isEncoded: false, hasSlash: false, ref facts);
        facts.Length = _at - facts.Start;
        return true;
    }

    private void ReadRoot(ref PathFacts facts)
    {
        var rest = _text[_at..];
        if (rest.Length > 1 && rest[1] == ':' && char.IsAsciiLetter(rest[0]) && (rest.Length == 2 || !char.IsWhiteSpace(rest[2])))
        {
            facts.HasDrive = facts.IsAbsolute = true;
            _at += 2;
        }
        else if (rest.Length > 3 && rest[0] is '/' or '\\' && rest[2] == ':' && char.IsAsciiLetter(rest[1]))
        {
            facts.HasDrive = facts.IsAbsolute = true;
            _at += 3;
        }
        else if (rest[0] is '/' or '\\')
        {
            facts.IsAbsolute = true;
            facts.IsShare = rest.Length > 3 && rest[0] == '\\' && rest[1] == '\\' && char.IsAsciiLetterOrDigit(rest[2]);
        }
    }

    // A space ends a path, except behind a drive letter or the folder of programs, whose names are full of them.
    private readonly bool EndsPath(char value, in PathFacts facts)
        => value is '?' ? _others > 0 || (_dots == 0 && _segmentStart == _at && facts.Slashes == 0 && !LooksMangled())
        : value is ' ' ? !(facts.HasDrive || Resolved.StartsWith("program", StringComparison.Ordinal) || Resolved.StartsWith("xampp", StringComparison.Ordinal)) || IsProseBehind()
        : value is '(' or ')' ? !facts.HasDrive
        : IsBoundary(value) && !(value == ';' && _others == 0 && _dots >= 2 && _at + 1 < _text.Length && _text[_at + 1] is '/' or '\\' or '%');

    private readonly bool LooksMangled() => _at + 2 < _text.Length && _text[_at + 1] is '.' or '?' && _text[_at + 2] is '\\' or '/' or '%' or '0';

    private readonly bool IsProseBehind() => _at + 1 >= _text.Length || !(char.IsAsciiLetterOrDigit(_text[_at + 1]) || _text[_at + 1] == '(');

    private readonly PathUnit Reinterpret(PathUnit unit, ref int length, ref char value, ref bool isEncoded, in PathFacts facts)
    {
        var isDots = _others == 0 && _dots >= 2;
        if (unit == PathUnit.Broken)
        {
            // Two broken escapes in a row are one separator to the readers that take them for one.
            if (isDots || facts.Climbs > 0)
            {
                if (_at + length < _text.Length && PathUnits.Read(_text, _at + length, out var more, out _, out _) == PathUnit.Broken)
                {
                    length += more;
                }

                value = '/';
                return PathUnit.Slash;
            }

            return PathUnit.Other;
        }

        if (unit == PathUnit.Other && !isEncoded && value is '2' or '5' && _at + 1 < _text.Length
            && (isDots || facts.EncodedClimbs > 0) && ((value == '2' && _text[_at + 1] is 'f' or 'F') || (value == '5' && _text[_at + 1] is 'c' or 'C')))
        {
            length = 2;
            value = '/';
            isEncoded = true;
            return PathUnit.Slash;
        }

        return unit;
    }

    private void Take(PathUnit unit, char value, bool isEncoded, ref PathFacts facts)
    {
        switch (unit)
        {
            case PathUnit.Slash:
                facts.Slashes++;
                facts.EncodedSlashes += isEncoded ? 1 : 0;
                facts.MixedSlashes += !isEncoded && _at > facts.Start && _text[_at - 1] is '/' or '\\' && _text[_at - 1] != _text[_at] ? 1 : 0;
                EndSegment(isEncoded, hasSlash: true, ref facts);
                StartSegment();
                break;
            case PathUnit.Nul:
                facts.HasNul = true;
                break;
            case PathUnit.Dot:
                _dots++;
                _encodedDots += isEncoded ? 1 : 0;
                Keep('.');
                break;
            default:
                // "?" is what is left of a dot in an encoding that got lost; ";" and control characters hide a climb.
                if (_others == 0 && (value == '?' || (value == ';' && _dots >= 2) || (value < ' ' && _dots >= 1)))
                {
                    _dots += value == '?' ? 1 : 0;
                    _encodedDots++;
                    break;
                }

                _others++;
                Keep(char.ToLowerInvariant(value));
                break;
        }
    }

    private void StartSegment()
    {
        _dots = _encodedDots = _others = 0;
        _segmentStart = _at;
        if (_filled > 0 && _resolved[_filled - 1] != '/')
        {
            Keep('/');
        }

        _skipped = _filled;
    }

    private void EndSegment(bool isEncoded, bool hasSlash, ref PathFacts facts)
    {
        if (_others > 0)
        {
            facts.Names++;

            // A name as long as that is padding, put there to push something over the edge of a buffer.
            _depth += _others < PaddingMin ? 1 : 0;
            facts.IsPadded |= _others >= PaddingMin;
            return;
        }

        // A segment of dots names nothing: take it back out of the resolved path.
        _filled = Math.Min(_filled, _skipped);
        if (_dots == 2)
        {
            facts.Climbs++;
            facts.EncodedClimbs += isEncoded || _encodedDots > 0 ? 1 : 0;
            _depth--;
            facts.Escape = Math.Max(facts.Escape, -_depth);
            DropSegment();
        }
        else if (_dots > 2 && hasSlash)
        {
            facts.OddDots++;
            facts.LongDots += _dots > 3 ? 1 : 0;
        }
        else if (_dots == 1)
        {
            facts.Stays++;
        }
    }

    private void DropSegment()
    {
        if (_filled > 0 && _resolved[_filled - 1] == '/')
        {
            _filled--;
        }

        var at = _resolved[.._filled].LastIndexOf('/');
        _filled = at < 0 ? 0 : at + 1;
    }

    private void Keep(char value)
    {
        if (_filled < _resolved.Length)
        {
            _resolved[_filled++] = value;
        }
    }

    private static bool IsBoundary(char c)
        => c <= ' ' || c is '"' or '\'' or '`' or '<' or '>' or '|' or '=' or ',' or '(' or ')' or '[' or ']' or '&' or ';' or '#' or '*' or '!';
}
