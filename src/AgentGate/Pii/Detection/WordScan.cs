using System.Buffers;

namespace AgentGate.Pii.Detection;

/// <summary>Hands a run of letters, digits and their usual separators to the recognisers of words.</summary>
internal static class WordScan
{
    private static readonly SearchValues<char> WordCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.");

    private static readonly SearchValues<char> Letters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_");

    private static readonly SearchValues<char> Seams = SearchValues.Create("-_");

    /// <summary>Whether the character may stand inside a word.</summary>
    public static bool IsWordCharacter(char c) => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.';

    /// <summary>The word around <paramref name="at"/>, once; returns the end of a credential found in it, or <paramref name="at"/>.</summary>
    public static int Scan(ref ScanPass pass, int at)
    {
        if (at < pass.WordEnd)
        {
            return at;
        }

        var text = pass.Text;
        var start = pass.WordEnd + text[pass.WordEnd..at].LastIndexOfAnyExcept(WordCharacters) + 1;
        var length = text[at..].IndexOfAnyExcept(WordCharacters);
        var end = length < 0 ? text.Length : at + length;
        pass.Work += end - start;
        if (!text[start..end].ContainsAny(Letters))
        {
            pass.WordEnd = end;
            return at;
        }

        if (start > 0 && text[start - 1] == '\\' && text[start] is 'n' or 'r' or 't')
        {
            start++;
        }

        var found = end - start < 4 ? at : Judge(ref pass, start, end);
        pass.WordEnd = Math.Max(end, found);
        return found;
    }

    private static int Judge(ref ScanPass pass, int start, int end)
    {
        var text = pass.Text;
        var trimmed = end;
        while (trimmed > start && text[trimmed - 1] is '.' or '-')
        {
            trimmed--;
        }

        if (char.IsAsciiLetter(text[start]) && char.IsAsciiDigit(text[Math.Min(start + 2, end - 1)]))
        {
            IbanRecognizer.Find(ref pass, start);
        }

        if (trimmed - start is >= 6 and <= 18 && text[start..trimmed].ContainsAnyExceptInRange('0', '9'))
        {
            MacRecognizer.Find(ref pass, start, trimmed);
            DocumentRecognizer.FindWord(ref pass, start, trimmed);
        }

        KeyRecognizer.FindDataCentreKey(ref pass, start, trimmed);
        KeyRecognizer.FindAccountKey(ref pass, start, trimmed);

        var found = start;
        for (var part = start; part < end;)
        {
            var after = JwtRecognizer.Find(ref pass, part);
            after = after > part ? after : KeyRecognizer.FindAt(ref pass, part, end);
            found = after > part ? after : found;
            var seam = text[Math.Min(end, Math.Max(after, part))..end].IndexOfAny(Seams);
            if (seam < 0)
            {
                break;
            }

            part = Math.Max(after, part) + seam + 1;
        }

        return found;
    }
}
