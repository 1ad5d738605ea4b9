using static AgentGate.Pii.Detection.NumberScan;

namespace AgentGate.Pii.Detection;

/// <summary>Payment card numbers: length and leading digits of an issuer (ISO/IEC 7812), and the Luhn check digit.</summary>
internal static class CardRecognizer
{
    public static void Find(ref ScanPass pass, in NumberCluster cluster, Place place)
    {
        if (place.Joined)
        {
            return;
        }

        var first = cluster[0];
        if (first.Length >= 12)
        {
            if (!cluster.GoesOnAfter(1))
            {
                Judge(ref pass, first.Start, first.End, first.Length, grouped: false);
            }

            return;
        }

        if (first.Length != 4 || cluster.Count < 3)
        {
            return;
        }

        for (var groups = 3; groups <= Math.Min(cluster.Count, 5); groups++)
        {
            if (HasCardShape(cluster, groups) && !cluster.GoesOnAfter(groups)
                && Judge(ref pass, first.Start, cluster[groups - 1].End, cluster.Digits(groups), grouped: true))
            {
                return;
            }
        }
    }

    private static bool HasCardShape(in NumberCluster cluster, int groups)
    {
        var gap = cluster[1].Gap;
        if (gap is not ('-' or ' ' or '.') || !cluster.HasGaps(groups, gap))
        {
            return false;
        }

        if (groups == 3)
        {
            return cluster.HasLengths(4, 6, 5) || cluster.HasLengths(4, 6, 4);
        }

        for (var i = 1; i < groups - 1; i++)
        {
            if (cluster[i].Length != 4)
            {
                return false;
            }
        }

        return cluster[groups - 1].Length <= 4;
    }

    private static bool Judge(ref ScanPass pass, int start, int end, int digits, bool grouped)
    {
        if (digits is < 12 or > 19 || !pass.EndsValue(end))
        {
            return false;
        }

        var value = pass.Text[start..end];
        pass.Work += value.Length;
        if (!PassesLuhn(value))
        {
            return false;
        }

        // The ranges in use grow every year: where a word says "card", the check digit is enough.
        var near = ((pass.CuesBefore(start) | pass.CuesAfter(end)) & Cue.Card) != 0;
        if (!(IsIssuer(value, digits) && (near || digits > 12)) && !(near && digits is 15 or 16))
        {
            return false;
        }

        return pass.Add(PiiKind.CreditCard, start, end, near ? 0.95 : grouped ? 0.85 : digits is 15 or 16 ? 0.75 : 0.6);
    }

    private static bool IsIssuer(ReadOnlySpan<char> value, int digits)
    {
        Span<int> lead = stackalloc int[4];
        var taken = 0;
        for (var i = 0; taken < 4; i++)
        {
            if (char.IsAsciiDigit(value[i]))
            {
                lead[taken++] = value[i] - '0';
            }
        }

        var two = (lead[0] * 10) + lead[1];
        var three = (two * 10) + lead[2];
        var four = (three * 10) + lead[3];
        return digits switch
        {
            12 => IsMaestro(two),
            13 => lead[0] == 4 || IsMaestro(two),
            14 => three is >= 300 and <= 305 || four == 3095 || two is 36 or 38 or 39 || IsMaestro(two),
            15 => two is 34 or 37 || four is 1800 or 2131 || lead[0] == 1 || IsMaestro(two),
            16 => lead[0] == 4 || two is >= 51 and <= 55 || four is >= 2221 and <= 2720 || four is >= 2200 and <= 2204
                || four is >= 3528 and <= 3589 || two is 30 or 36 or 38 or 39 or 60 or 62 or 64 or 65 or 81 or 82 || four == 9792 || IsMaestro(two),
            17 or 18 => two is 62 or 64 or 65 || four == 6011 || four is >= 3528 and <= 3589 || IsMaestro(two),
            _ => lead[0] == 4 || two is 62 or 64 or 65 || four == 6011 || four is >= 3528 and <= 3589 || four is >= 2200 and <= 2204 || IsMaestro(two),
        };
    }

    private static bool IsMaestro(int two) => two is 50 or 56 or 57 or 58 or 63 or 67;

    private static bool PassesLuhn(ReadOnlySpan<char> value)
    {
        var sum = 0;
        var doubled = false;
        for (var i = value.Length - 1; i >= 0; i--)
        {
            if (!char.IsAsciiDigit(value[i]))
            {
                continue;
            }

            var digit = value[i] - '0';
            sum += doubled ? (digit > 4 ? (digit * 2) - 9 : digit * 2) : digit;
            doubled = !doubled;
        }

        return sum % 10 == 0 && sum > 0;
    }
}
