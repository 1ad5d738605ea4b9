using System.Buffers;

namespace AgentGate.Pii.Detection;

/// <summary>Credentials with a form of their own, tried where a word begins and after each separator inside it.</summary>
internal static class KeyRecognizer
{
    private const int MinRest = 13;

    /// <summary>Of long bodies only so much is read before they have been found worth reading.</summary>
    private const int BodyJudged = 96;
    private static readonly SearchValues<char> Url = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");
    private static readonly SearchValues<char> LowerHex = SearchValues.Create("0123456789abcdef");
    private static readonly SearchValues<char> AzureSecret = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.~-");

    /// <summary>Tries the part of a word that begins at <paramref name="at"/>; returns the end of what was found, or <paramref name="at"/>.</summary>
    public static int FindAt(ref ScanPass pass, int at, int wordEnd)
    {
        var text = pass.Text;
        if (text.Length - at < MinRest)
        {
            return at;
        }

        foreach (var format in KeyFormats.StartingWith(text[at], text[at + 1]))
        {
            if (pass.IsEnabled(format.Kind) && text[at..].StartsWith(format.Prefix, StringComparison.Ordinal))
            {
                var end = BodyEnd(ref pass, at, format);
                if (end > at && pass.Add(format.Kind, at, end, 0.95))
                {
                    return end;
                }
            }
        }

        return wordEnd - at > 50 && text[at] is 'M' or 'N' or 'O' && FindDiscord(ref pass, at) is var found && found > at ? found : at;
    }

    /// <summary>A client secret of Microsoft Entra: <c>nQ~</c> after three characters; <paramref name="at"/> is the digit.</summary>
    public static void FindAzureSecret(ref ScanPass pass, int at)
    {
        var text = pass.Text;
        if (at < 3 || at + 34 > text.Length || text[at + 1] != 'Q' || text[at + 2] != '~' || text[(at - 3)..at].ContainsAnyExcept(AzureSecret))
        {
            return;
        }

        var body = Run(text, at + 3, AzureSecret, 40);
        if (body is < 31 or > 35 || (at > 3 && AzureSecret.Contains(text[at - 4])))
        {
            return;
        }

        if (Entropy.LooksRandom(text[(at + 3)..(at + 3 + body)]))
        {
            pass.Add(PiiKind.ApiKey, at - 3, at + 3 + body, 0.9);
        }
    }

    /// <summary>A bot token of Telegram: the bot's number, a colon, 35 characters.</summary>
    public static void FindTelegram(ref ScanPass pass, int start, int colon)
    {
        var text = pass.Text;
        if (colon - start is < 8 or > 10 || colon + 36 > text.Length || text[colon] != ':' || text[colon + 1] != 'A' || Run(text, colon + 1, Url, 40) != 35)
        {
            return;
        }

        var bot = start >= 3 && text[(start - 3)..start] is "bot" ? start - 3 : start;
        if (pass.StartsValue(bot))
        {
            pass.Add(PiiKind.ApiKey, start, colon + 36, 0.9);
        }
    }

    /// <summary>A whole word of 32 hexadecimal digits with a data centre behind it (Mailchimp).</summary>
    public static void FindDataCentreKey(ref ScanPass pass, int start, int end)
    {
        var word = pass.Text[start..end];
        if (word.Length is 36 or 37 && word[32..].StartsWith("-us", StringComparison.Ordinal) && !word[35..].ContainsAnyExceptInRange('0', '9')
            && IsLowerHex(word[..32]) && Entropy.LooksRandom(word[..32]))
        {
            pass.Add(PiiKind.ApiKey, start, end, 0.9);
        }
    }

    /// <summary>A 1Password secret key: <c>A3-</c> and groups of upper-case letters and digits, 34 to 40 characters.</summary>
    public static void FindAccountKey(ref ScanPass pass, int start, int end)
    {
        var word = pass.Text[start..end];
        if (word.Length is >= 36 and <= 41 && word.StartsWith("A3-", StringComparison.Ordinal) && word.Count('-') is 5 or 6
            && !word.ContainsAnyInRange('a', 'z') && Entropy.LooksRandom(word))
        {
            pass.Add(PiiKind.ApiKey, start, end, 0.9);
        }
    }

    /// <summary>An application token of Facebook: the application's number, a bar, 27 characters.</summary>
    public static void FindFacebook(ref ScanPass pass, int start, int bar)
    {
        if (bar - start is 15 or 16 && pass.StartsValue(start) && Run(pass.Text, bar + 1, Url, 30) == 27)
        {
            pass.Add(PiiKind.ApiKey, start, bar + 28, 0.9);
        }
    }

    private static int BodyEnd(ref ScanPass pass, int at, KeyFormat format)
    {
        var text = pass.Text;
        var from = at + format.Prefix.Length;
        var length = Run(text, from, format.Body, Math.Min(format.Max + 1, BodyJudged));
        pass.Work += length;
        if (length == BodyJudged)
        {
            if (format.Random && !Entropy.LooksRandom(text[from..(from + length)]))
            {
                return at;
            }

            length = Run(text, from, format.Body, format.Max + 1);
            pass.Work += length;
        }

        while (length > 0 && (text[from + length - 1] == '.' || (length > format.Max && text[from + length - 1] == '-')))
        {
            length--;
        }

        if (length < format.Min || length > format.Max)
        {
            return at;
        }

        var body = text[from..(from + length)];
        var end = from + length;
        return !pass.EndsValue(end) || body.IndexOf("..") >= 0 || (format.Random && !Entropy.LooksRandom(body)) ? at : end;
    }

    private static int FindDiscord(ref ScanPass pass, int at)
    {
        var text = pass.Text;
        var id = Run(text, at, Url, 29);
        if (id is < 23 or > 28 || at + id + 8 > text.Length || text[at + id] != '.' || Run(text, at + id + 1, Url, 7) != 6 || text[at + id + 7] != '.')
        {
            return at;
        }

        var tag = Run(text, at + id + 8, Url, 40);
        return tag is >= 27 and <= 39 && pass.Add(PiiKind.ApiKey, at, at + id + 8 + tag, 0.9) ? at + id + 8 + tag : at;
    }

    private static bool IsLowerHex(ReadOnlySpan<char> text) => !text.ContainsAnyExcept(LowerHex);

    private static int Run(ReadOnlySpan<char> text, int from, SearchValues<char> values, int max)
    {
        var slice = text[from..Math.Min(text.Length, from + max)];
        var length = slice.IndexOfAnyExcept(values);
        return length < 0 ? slice.Length : length;
    }
}
