namespace AgentGate.Pii.Detection;

/// <summary>Hands a run of digits, and those that follow it, to the recognisers of numbers.</summary>
internal static class NumberScan
{
    /// <summary>The run of digits at <paramref name="at"/>; returns where to go on.</summary>
    public static int Scan(ref ScanPass pass, int at)
    {
        if (IsLoneDigit(pass.Text, at))
        {
            return at + 1;
        }

        var last = pass.Numbers.Count > 0 ? pass.Numbers[pass.Numbers.Count - 1].End : 0;
        pass.Numbers.Read(pass.Text, at);
        ref readonly var cluster = ref pass.Numbers;
        var first = cluster[0];
        pass.Work += Math.Max(1, cluster[cluster.Count - 1].End - Math.Max(at, last));

        // Nothing has a run of more than 19 digits, and no value in one run is shorter than seven digits.
        var few = cluster.Count == 1 ? 7 : 4;
        if (first.Length > 19 || cluster.Digits(cluster.Count) < few && !(at > 0 && pass.Text[at - 1] == '+') || !pass.StartsValue(at))
        {
            return first.End;
        }

        var place = Place.Of(pass.Text, at);
        SsnRecognizer.Find(ref pass, cluster, place);
        CardRecognizer.Find(ref pass, cluster, place);
        Ipv4Recognizer.Find(ref pass, cluster, place);
        BankRecognizer.Find(ref pass, cluster, place);
        PhoneRecognizer.Find(ref pass, cluster, place);
        DocumentRecognizer.FindNumber(ref pass, cluster, place);
        return first.End;
    }

    /// <summary>One digit begins a value only as a trunk or country code, as an octet, or after a plus sign.</summary>
    private static bool IsLoneDigit(ReadOnlySpan<char> text, int at)
    {
        if (at + 1 >= text.Length)
        {
            return true;
        }

        return !char.IsAsciiDigit(text[at + 1]) && text[at + 1] != '.' && !(at > 0 && text[at - 1] is '+' or '(')
            && (text[at] > '1' || text[at + 1] is not (' ' or '-' or '(' or '/'));
    }

    /// <summary>What stands directly before a number.</summary>
    /// <param name="Joined">Another run of digits hangs on without a space: this is the inside of something longer.</param>
    /// <param name="InRow">Another number stands before it, one space away: this may be a column of a table.</param>
    internal readonly record struct Place(bool Joined, bool InRow)
    {
        public static Place Of(ReadOnlySpan<char> text, int at)
        {
            if (at < 2 || !char.IsAsciiDigit(text[at - 2]))
            {
                return default;
            }

            return new Place(text[at - 1] is '-' or '.' or '/' or '+' or ',' or ':', text[at - 1] == ' ');
        }
    }
}
