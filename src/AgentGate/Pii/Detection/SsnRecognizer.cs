using static AgentGate.Pii.Detection.NumberScan;

namespace AgentGate.Pii.Detection;

/// <summary>
/// United States social security numbers: area, group, serial. Area 000, 666 and 9xx, group 00 and serial 0000 were never
/// issued (SSA, POMS RM 10201.030), two numbers were voided after being printed in advertisements.
/// </summary>
internal static class SsnRecognizer
{
    public static void Find(ref ScanPass pass, in NumberCluster cluster, Place place)
    {
        if (place.Joined)
        {
            return;
        }

        if (cluster.HasLengths(3, 2, 4))
        {
            var gap = cluster[1].Gap;
            if (gap is '-' or '.' or ' ' && cluster[2].Gap == gap && !cluster.GoesOnAfter(3))
            {
                Grouped(ref pass, cluster, gap, place);
            }
        }
        else if (cluster[0].Length == 9 && !cluster.GoesOnAfter(1))
        {
            WithContext(ref pass, cluster[0].Start, cluster[0].End);
        }
        else if ((cluster.HasLengths(3, 6) || cluster.HasLengths(5, 4)) && cluster[1].Gap == '-' && !cluster.GoesOnAfter(2))
        {
            WithContext(ref pass, cluster[0].Start, cluster[1].End);
        }
    }

    private static void Grouped(ref ScanPass pass, in NumberCluster cluster, char gap, Place place)
    {
        var start = cluster[0].Start;
        var end = cluster[2].End;
        if (!pass.EndsValue(end) || !IsIssuable(pass.Text[start..end]))
        {
            return;
        }

        if (gap == ' ')
        {
            // Columns of a table look the same, but there are seldom just three of just these widths.
            if (Near(ref pass, start, end))
            {
                pass.Add(PiiKind.Ssn, start, end, 0.85);
            }
            else if (!place.InRow && cluster.Count == 3)
            {
                pass.Add(PiiKind.Ssn, start, end, 0.6);
            }

            return;
        }

        pass.Add(PiiKind.Ssn, start, end, gap == '-' ? 0.85 : 0.65);
    }

    private static void WithContext(ref ScanPass pass, int start, int end)
    {
        if (pass.EndsValue(end) && IsIssuable(pass.Text[start..end]) && Near(ref pass, start, end))
        {
            pass.Add(PiiKind.Ssn, start, end, 0.8);
        }
    }

    private static bool Near(ref ScanPass pass, int start, int end) => ((pass.CuesBefore(start) | pass.CuesAfter(end)) & Cue.Ssn) != 0;

    private static bool IsIssuable(ReadOnlySpan<char> value)
    {
        var number = 0;
        foreach (var c in value)
        {
            if (char.IsAsciiDigit(c))
            {
                number = (number * 10) + (c - '0');
            }
        }

        var area = number / 1_000_000;
        return area is not (0 or 666 or >= 900) && number / 10_000 % 100 != 0 && number % 10_000 != 0
            && number is not (078_05_1120 or 219_09_9999);
    }
}
