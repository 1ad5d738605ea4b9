namespace AgentGate.Threats.Html;

/// <summary>What stands around a name: whether it is called, handed on, or a member of something else.</summary>
internal ref partial struct ScriptReader
{
    private readonly char Next(int at, out int found)
    {
        var end = Math.Min(_text.Length, at + Reach);
        while (at < end)
        {
            var c = _text[at];
            if (char.IsWhiteSpace(c) || c is '\0' or '+' && at + 1 < end && _text[at + 1] == '(')
            {
                at++;
            }
            else if (c == '/' && at + 1 < end && _text[at + 1] == '*')
            {
                var close = _text[(at + 2)..end].IndexOf("*/", StringComparison.Ordinal);
                if (close < 0)
                {
                    break;
                }

                at += close + 4;
            }
            else
            {
                found = at;
                return c;
            }
        }

        found = Math.Min(at, _text.Length);
        return '\0';
    }

    /// <summary>An address of another place, or what a visitor gave; a form's field of that name gets something else.</summary>
    private readonly bool LeavesFor(int at)
    {
        Next(at + 1, out var value);
        value += value < _text.Length && _text[value] == '\\' ? 1 : 0;
        if (value < _text.Length && _text[value] is '"' or '\'' or '`')
        {
            return Follows(value + 1, "http") || Follows(value + 1, "//") || Follows(value + 1, "javascript");
        }

        return Follows(value, "location") || Follows(value, "name") || Follows(value, "url") || Follows(value, "document") || Follows(value, "atob");
    }

    private readonly bool Follows(int at, string expected)
    {
        var matched = 0;
        for (; at < _text.Length && matched < expected.Length; at++)
        {
            if (char.ToLowerInvariant(_text[at]) == expected[matched])
            {
                matched++;
            }
            else if (_text[at] != ' ')
            {
                return false;
            }
        }

        return matched == expected.Length;
    }

    private readonly bool IsEscapedCall(int at)
    {
        if (Escape(_text[at..], out var c) > 0)
        {
            return c is '(' or '`';
        }

        var end = _text[at..Math.Min(_text.Length, at + 4)].IndexOfAnyExcept('\\');
        return end > 0 && _text[at + end] is '(' or '`';
    }

    private readonly bool IsReferencedCall(int at) => HtmlValue.Reference(_text[at..], out var c) > 0 && c is '(' or '`';

    /// <summary>A method of something else has the same name: <c>dialog.confirm()</c>. The global object's are the real ones.</summary>
    private readonly bool IsMember(int start)
    {
        var before = start - 1;
        if (before < 1 || _text[before] != '.')
        {
            return false;
        }

        var end = before;
        while (before > 0 && before > end - 16 && char.IsAsciiLetterOrDigit(_text[before - 1]))
        {
            before--;
        }

        return ScriptWords.Of(_text[before..end]) is not (ScriptWord.Global or ScriptWord.Document) && before < end;
    }

    private readonly bool IsDefined(int start) => start >= 9 && _text[(start - 9)..start].Equals("function ", StringComparison.OrdinalIgnoreCase);

    /// <summary>Handed on as a value: <c>onerror=alert;throw 1</c>, <c>[1].map(alert)</c>, <c>(alert)(1)</c>.</summary>
    private readonly bool IsHanded(int start, char next, int nextAt)
    {
        var before = start - 1;
        while (before >= 0 && start - before < Reach && _text[before] == ' ')
        {
            before--;
        }

        if (before < 0 || before < start - 1)
        {
            return false;
        }

        return _text[before] switch
        {
            '=' => next is ';' or ',' or '}' or '/' || Follows(nextAt, "throw"),
            ':' => next == '}',
            '[' => next == ']',
            '(' or ',' => next == ')' && (IsAfterMember(before) || (nextAt + 1 < _text.Length && _text[nextAt + 1] is '(' or '`')),
            _ => false,
        };
    }

    /// <summary>The bracket opens the arguments of a method: <c>[1].map(</c>, <c>x.then(</c>.</summary>
    private readonly bool IsAfterMember(int bracket)
    {
        var at = bracket;
        while (at > 0 && at > bracket - 16 && char.IsAsciiLetter(_text[at - 1]))
        {
            at--;
        }

        return at < bracket && at > 0 && _text[at - 1] == '.';
    }

    /// <summary>The constructor of a constructor, or one that gets text: that is what makes functions. Classes call theirs with values.</summary>
    private readonly bool MakesCode(char next, int at) => next switch
    {
        '`' => true,
        '(' => Next(at + 1, out _) is '"' or '\'' or '`' or '&' or '\\',
        '.' => Follows(at, ".constructor"),
        '[' => Follows(at, "['constructor") || Follows(at, "[\"constructor"),
        '\'' or '"' => Follows(at + 1, "]['constructor") || Follows(at + 1, "][\"constructor") || Follows(at + 1, "]("),
        _ => false,
    };

    private readonly bool TakesText(int at)
    {
        var c = Next(at + 1, out var found);
        return c is '"' or '\'' or '`' or '&' || Follows(found, "location") || Follows(found, "name") || Follows(found, "atob") || Follows(found, "alert") || Follows(found, "string.");
    }

    /// <summary>A member named by a string in pieces, a number or a pattern, and then called.</summary>
    private readonly bool IsComputedCall(int at)
    {
        var reach = _text[at..Math.Min(_text.Length, at + Reach)];
        var close = reach.IndexOf(']');
        if (close < 0 || close + 1 >= reach.Length)
        {
            return false;
        }

        while (close + 1 < reach.Length && reach[close + 1] == ']')
        {
            close++;
        }

        var key = reach[1..close];
        var isCalled = close + 1 < reach.Length && reach[close + 1] is '(' or '`';
        if (!isCalled)
        {
            return false;
        }

        return key.ContainsAny('+', '/', '\\') || ScriptWords.Of(key.Trim("\"'` ")) is not (ScriptWord.None or ScriptWord.Later) || key.Contains("toString", StringComparison.Ordinal);
    }
}
