using static AgentGate.Pii.Detection.NumberScan;

namespace AgentGate.Pii.Detection;

/// <summary>
/// Passport and driver licence numbers. Neither carries a check digit and each state has its own form, so a value counts
/// only where a word names the document.
/// </summary>
internal static class DocumentRecognizer
{
    /// <summary>A number of digits alone, or in groups joined by hyphens.</summary>
    public static void FindNumber(ref ScanPass pass, in NumberCluster cluster, Place place)
    {
        if (place.Joined || PhoneShapes.IsDate(pass.Text, cluster))
        {
            return;
        }

        var groups = 1;
        while (groups < cluster.Count && cluster[groups].Gap == '-')
        {
            groups++;
        }

        var digits = cluster.Digits(groups);
        if (digits is >= 7 and <= 14 && !cluster.GoesOnAfter(groups))
        {
            Judge(ref pass, cluster[0].Start, cluster[groups - 1].End, groups == 1 && digits == 9);
        }
    }

    /// <summary>A word of letters and digits.</summary>
    public static void FindWord(ref ScanPass pass, int start, int end)
    {
        if (end - start is < 6 or > 18)
        {
            return;
        }

        var digits = 0;
        var upper = 0;
        var separators = 0;
        foreach (var c in pass.Text[start..end])
        {
            digits += char.IsAsciiDigit(c) ? 1 : 0;
            upper += char.IsAsciiLetterUpper(c) ? 1 : 0;
            separators += c is '-' or '_' or '.' ? 1 : 0;
        }

        var letters = end - start - digits - separators;
        if (digits >= 5 && separators <= 3 && upper == letters)
        {
            Judge(ref pass, start, end, digits is >= 6 and <= 8 && letters <= 2 && separators == 0);
        }
    }

    private static void Judge(ref ScanPass pass, int start, int end, bool passportShape)
    {
        if (!pass.EndsValue(end))
        {
            return;
        }

        var cues = pass.CuesBefore(start);
        if (passportShape && (cues & Cue.Passport) != 0)
        {
            pass.Add(PiiKind.UsPassport, start, end, 0.75);
        }
        else if ((cues & (Cue.Driver | Cue.License)) == (Cue.Driver | Cue.License))
        {
            pass.Add(PiiKind.UsDriverLicense, start, end, 0.7);
        }
    }
}
