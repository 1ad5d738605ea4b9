using System.Globalization;

namespace AgentGate.Pii.Restoring;

/// <summary>
/// Judges what follows a token outside any address. A token that what follows would make part of a host or of a mail
/// address (<c>&lt;SSN_1&gt;.evil.com</c>, <c>&lt;SSN_1&gt;@evil.com</c>) stays; one that ends a sentence does not.
/// </summary>
/// <remarks>
/// Joined are: an ASCII letter or digit, <c>@</c>; one to four of <c>. - _ +</c> (or a full-width dot) before a letter, a
/// digit or <c>@</c>, and more than four of them; <c>:/</c>; a percent escape; an HTML entity and a backslash escape that
/// may stand for one of these. Everything else is free, so at most six characters after a token are waited for.
/// </remarks>
internal static class TokenTail
{
    private const int JoinersMax = 4;

    /// <summary>Whether what follows joins the token; <see langword="null"/> when more text is needed to tell.</summary>
    /// <param name="after">The text after the token.</param>
    /// <param name="end">Whether nothing follows <paramref name="after"/>.</param>
    public static bool? IsJoined(ReadOnlySpan<char> after, bool end)
    {
        if (after.IsEmpty)
        {
            return end ? false : null;
        }

        var c = after[0];
        if (IsLabel(c) || c is '@' or '\uFF20')
        {
            return true;
        }

        return c switch
        {
            '\\' => Second(after, end, static next => next is '.' or '@' or '-' or '_' or '+' or '/' or ':' or 'x' or 'U', Unicode(after, end)),
            '&' => Second(after, end, static next => next is '#' or 'p' or 'c' or 's' or 'h' or 'd', null),
            '%' => Second(after, end, char.IsAsciiHexDigit, null),
            ':' => Second(after, end, static next => next is '/' or '\\', null),
            _ => IsJoiner(c) ? AfterJoiners(after, end) : false,
        };
    }

    /// <summary>Whether a character can stand in a label of a host name that people type without escapes.</summary>
    public static bool IsLabel(char c) => char.IsAsciiLetterOrDigit(c);

    private static bool IsJoiner(char c) => c is '.' or '-' or '_' or '+' or '\uFF0E' or '\uFF61';

    private static bool? AfterJoiners(ReadOnlySpan<char> after, bool end)
    {
        for (var i = 1; i < after.Length; i++)
        {
            if (!IsJoiner(after[i]))
            {
                return IsLabel(after[i]) || after[i] == '@';
            }

            if (i == JoinersMax)
            {
                return true;
            }
        }

        return end ? false : null;
    }

    private static bool? Second(ReadOnlySpan<char> after, bool end, Func<char, bool> joins, bool? unicode)
    {
        if (after.Length < 2)
        {
            return end ? false : null;
        }

        return after[0] == '\\' && after[1] == 'u' ? unicode : joins(after[1]);
    }

    private static bool? Unicode(ReadOnlySpan<char> after, bool end)
    {
        if (after.Length < 2 || after[1] != 'u')
        {
            return false;
        }

        for (var i = 2; i < Math.Min(6, after.Length); i++)
        {
            if (!char.IsAsciiHexDigit(after[i]))
            {
                return true;
            }
        }

        if (after.Length < 6)
        {
            return end ? true : null;
        }

        var c = (char)ushort.Parse(after[2..6], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
        return IsLabel(c) || IsJoiner(c) || c is '@' or '/' or ':' or '%' or '\\' or '\uFF20';
    }
}
