using static AgentGate.Pii.Detection.NumberScan;

namespace AgentGate.Pii.Detection;

/// <summary>
/// United States bank routing numbers (nine digits, Federal Reserve prefix, ABA check digit) and account numbers, which have
/// no check digit and therefore need a word that names them.
/// </summary>
internal static class BankRecognizer
{
    public static void Find(ref ScanPass pass, in NumberCluster cluster, Place place)
    {
        if (place.Joined)
        {
            return;
        }

        var first = cluster[0];
        if (cluster.HasLengths(4, 4, 1) && cluster.HasGaps(3, '-') && !cluster.GoesOnAfter(3))
        {
            if (pass.EndsValue(cluster[2].End) && PassesAba(pass.Text[first.Start..cluster[2].End]))
            {
                pass.Add(PiiKind.UsBankRouting, first.Start, cluster[2].End, 0.65);
            }

            return;
        }

        if (cluster.GoesOnAfter(1) || !pass.EndsValue(first.End))
        {
            return;
        }

        if (first.Length == 9 && PassesAba(pass.Text[first.Start..first.End]))
        {
            if (((pass.CuesBefore(first.Start) | pass.CuesAfter(first.End)) & (Cue.Routing | Cue.Bank)) != 0)
            {
                pass.Add(PiiKind.UsBankRouting, first.Start, first.End, 0.85);
            }
            else if (pass.IsWholeText(first.Start, first.End))
            {
                pass.Add(PiiKind.UsBankRouting, first.Start, first.End, 0.5);
            }
        }

        if (first.Length is >= 8 and <= 17)
        {
            var cues = pass.CuesBefore(first.Start);
            if ((cues & Cue.Account) != 0)
            {
                pass.Add(PiiKind.UsBankAccount, first.Start, first.End, (cues & Cue.Bank) != 0 ? 0.7 : 0.55);
            }
        }
    }

    private static bool PassesAba(ReadOnlySpan<char> value)
    {
        var sum = 0;
        var index = 0;
        var prefix = 0;
        foreach (var c in value)
        {
            if (char.IsAsciiDigit(c))
            {
                sum += (index % 3 == 0 ? 3 : index % 3 == 1 ? 7 : 1) * (c - '0');
                prefix = index < 2 ? (prefix * 10) + (c - '0') : prefix;
                index++;
            }
        }

        return sum % 10 == 0 && prefix is (>= 1 and <= 12) or (>= 21 and <= 32) or (>= 61 and <= 72) or 80 && sum > 0;
    }
}
