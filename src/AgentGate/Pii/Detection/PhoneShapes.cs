namespace AgentGate.Pii.Detection;

/// <summary>What all forms of telephone numbers share: extensions, and dates that look like them.</summary>
internal static class PhoneShapes
{
    /// <summary>The end of the value with an extension such as <c>x123</c>, <c>ext. 12</c> or <c>#4</c>, if one follows.</summary>
    public static int EndWithExtension(ReadOnlySpan<char> text, int end)
    {
        var at = end;
        while (at < text.Length && at < end + 2 && text[at] is ' ' or ',')
        {
            at++;
        }

        var word = WordLength(text[at..]);
        if (word == 0)
        {
            return end;
        }

        at += word;
        while (at < text.Length && at < end + 14 && text[at] is '.' or ' ' or ':')
        {
            at++;
        }

        var digits = 0;
        while (at + digits < text.Length && digits < 8 && char.IsAsciiDigit(text[at + digits]))
        {
            digits++;
        }

        return digits is 0 or 8 || (at + digits < text.Length && char.IsAsciiLetter(text[at + digits])) ? end : at + digits;
    }

    /// <summary>Where to ask whether the value ends: after an extension that hangs on directly, else at its own end.</summary>
    public static int BareEnd(ReadOnlySpan<char> text, int end) =>
        end < text.Length && text[end] is 'x' or 'X' or 'e' or 'E' ? EndWithExtension(text, end) : end;

    /// <summary>Whether the first runs are a calendar date: year first or last, with month and day in range; or two years.</summary>
    public static bool IsDate(ReadOnlySpan<char> text, in NumberCluster cluster)
    {
        if (cluster.Count < 2 || cluster[0].Length > 8)
        {
            return false;
        }

        var a = Value(text, cluster[0]);
        if (cluster[0].Length == 4 && a is >= 1900 and <= 2100 && cluster[1].Length is 2 or 4 && (cluster.Count == 2 || cluster.Digits(cluster.Count) > 13))
        {
            // 1979-81, 2015/01, 2010 (2010
            return true;
        }

        if (cluster.Count == 2)
        {
            // 20120102 08:00
            return cluster[0].Length == 8 && cluster[1].Length == 2 && a / 10_000 is >= 1900 and <= 2100 && a / 100 % 100 is >= 1 and <= 12;
        }

        var b = Value(text, cluster[1]);
        var c = Value(text, cluster[2]);
        var gap = cluster[1].Gap;
        if (gap is not ('-' or '/' or '.') || cluster[2].Gap != gap || cluster[1].Length > 2)
        {
            return false;
        }

        if (cluster[0].Length == 4)
        {
            return a is >= 1000 and <= 2100 && cluster[2].Length <= 2 && b is >= 1 and <= 12 && c is >= 1 and <= 31;
        }

        // 12.03.84 is a date when nothing but a time follows; four pairs joined alike are not.
        return cluster[0].Length <= 2 && (cluster[2].Length == 4 || (cluster[2].Length == 2 && !cluster.GoesOnAfter(3)))
            && a is >= 1 and <= 31 && b is >= 1 and <= 31 && (a <= 12 || b <= 12);
    }

    /// <summary>Takes as many runs as make a number of <paramref name="min"/> to <paramref name="max"/> digits.</summary>
    public static bool TryTake(in ScanPass pass, in NumberCluster cluster, int min, int max, out int groups)
    {
        groups = 0;
        for (var g = 1; g <= cluster.Count; g++)
        {
            var digits = cluster.Digits(g);
            if (digits > max)
            {
                break;
            }

            var loose = g > 1 && cluster[g - 1].Length == 1 && cluster[g - 1].Gap != '-';
            if (digits >= min && !loose && !cluster.GoesOnAfter(g) && pass.EndsValue(BareEnd(pass.Text, cluster[g - 1].End)))
            {
                groups = g;
            }
        }

        return groups > 0;
    }

    private static int WordLength(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty || (text[0] | 0x20) is not ('e' or 'x' or '#'))
        {
            return 0;
        }

        foreach (var word in Words)
        {
            if (text.StartsWith(word, StringComparison.OrdinalIgnoreCase))
            {
                return word.Length;
            }
        }

        return 0;
    }

    private static readonly string[] Words = ["extension", "extn", "ext", "x", "#"];

    private static int Value(ReadOnlySpan<char> text, NumberGroup group)
    {
        var value = 0;
        for (var i = group.Start; i < Math.Min(group.End, group.Start + 9); i++)
        {
            value = (value * 10) + (text[i] - '0');
        }

        return value;
    }
}
