using static AgentGate.Pii.Detection.NumberScan;

namespace AgentGate.Pii.Detection;

/// <summary>
/// Telephone numbers. International form (+ or 00, then a calling code and a national number of a length that its plan has)
/// and the North American form stand on their own, national forms with a trunk 0 nearly so; all other groupings need a word.
/// </summary>
internal static class PhoneRecognizer
{
    public static void Find(ref ScanPass pass, in NumberCluster cluster, Place place)
    {
        if (place.Joined || PhoneShapes.IsDate(pass.Text, cluster))
        {
            return;
        }

        var text = pass.Text;
        var start = cluster[0].Start;
        if (start > 0 && text[start - 1] == '+')
        {
            if (start == 1 || !char.IsAsciiLetterOrDigit(text[start - 2]))
            {
                International(ref pass, cluster, start - 1, prefix: 0, 0.85);
            }

            return;
        }

        if (text[cluster[0].Start] == '0' && cluster[0].Length > 2 && text[start + 1] == '0' && text[start + 2] != '0'
            && International(ref pass, cluster, start, prefix: 2, cluster.Count > 1 ? 0.65 : 0.5))
        {
            return;
        }

        // The opening bracket belongs to the value: "(555) 123-4567" is masked whole.
        var open = start > 0 && text[start - 1] == '(' && cluster.Count > 1 && cluster[1].Gap == ')';
        start = open ? start - 1 : start;
        if (!NorthAmerican(ref pass, cluster, start, open, place) && !Trunk(ref pass, cluster, start, place))
        {
            Grouped(ref pass, cluster, start, open);
        }
    }

    private static bool International(ref ScanPass pass, in NumberCluster cluster, int start, int prefix, double score)
    {
        Span<char> digits = stackalloc char[18];
        var first = cluster[0];
        var length = 0;
        var best = 0;
        var code = 0;
        (int Min, int Max) bounds = default;
        for (var g = 0; g < cluster.Count; g++)
        {
            var from = cluster[g].Start + (g == 0 ? prefix : 0);

            // "+44 (0)20 …": the trunk 0 in brackets is written but not dialled.
            var isTrunk = g > 0 && cluster[g].Gap == '(' && cluster[g].Length == 1 && pass.Text[from] == '0';
            if (!isTrunk)
            {
                if (length + cluster[g].End - from > digits.Length)
                {
                    break;
                }

                pass.Text[from..cluster[g].End].CopyTo(digits[length..]);
                length += cluster[g].End - from;
            }

            if (code == 0)
            {
                code = PhonePlans.CodeLength(digits[..length]);
                if (code == 0)
                {
                    return false;
                }

                bounds = PhonePlans.Bounds(digits[..code]);
            }

            var national = length - code;
            if (national > bounds.Max)
            {
                break;
            }

            best = national >= bounds.Min && pass.EndsValue(PhoneShapes.BareEnd(pass.Text, cluster[g].End)) ? g + 1 : best;
        }

        return best > 0 && pass.Add(PiiKind.Phone, start, PhoneShapes.EndWithExtension(pass.Text, cluster[best - 1].End), score);
    }

    private static bool NorthAmerican(ref ScanPass pass, in NumberCluster cluster, int start, bool open, Place place)
    {
        var text = pass.Text;
        var g = cluster[0].Length == 1 && text[cluster[0].Start] == '1' && cluster.Count > 2 ? 1 : 0;
        if (cluster.Count < g + 2 || cluster[g].Length != 3)
        {
            return false;
        }

        int groups;
        if (cluster.Count > g + 2 && cluster[g + 1].Length == 3 && cluster[g + 2].Length == 4)
        {
            groups = g + 3;
        }
        else if (cluster[g + 1].Length == 7 && cluster[g + 1].Gap is '-' or ')')
        {
            groups = g + 2;
        }
        else
        {
            return false;
        }

        var last = cluster[groups - 1];
        if (cluster.GoesOnAfter(groups) || !pass.EndsValue(PhoneShapes.BareEnd(text, last.End)))
        {
            return false;
        }

        var extended = PhoneShapes.EndWithExtension(text, last.End);
        var spaced = !open && cluster[g + 1].Gap == ' ' && last.Gap == ' ';
        var score = spaced ? 0.55 : 0.75;
        if (spaced && (place.InRow || groups < cluster.Count))
        {
            score = 0.35;
        }

        if (text[cluster[g].Start] is '0' or '1')
        {
            // Not an area code of the plan; another country may write its numbers so.
            score = extended > last.End ? 0.5 : 0.35;
        }

        if (score < 0.6 && Near(ref pass, start, extended))
        {
            score = 0.7;
        }

        return pass.Add(PiiKind.Phone, start, extended, score);
    }

    private static bool Trunk(ref ScanPass pass, in NumberCluster cluster, int start, Place place)
    {
        var text = pass.Text;
        var first = cluster[0];
        if (text[first.Start] != '0')
        {
            return false;
        }

        if (cluster.Count == 1 || cluster[1].Gap == ' ' && first.Length == 11)
        {
            // Eleven digits from 05 to 09: the mobile numbers of many countries, written without a gap.
            return first.Length == 11 && text[first.Start + 1] is >= '5' and <= '9' && pass.EndsValue(first.End)
                && pass.Add(PiiKind.Phone, start, first.End, Near(ref pass, start, first.End) ? 0.7 : 0.55);
        }

        if (first.Length > 5 || cluster.HasLengths(3, 2, 4) || !PhoneShapes.TryTake(pass, cluster, 9, 12, out var groups))
        {
            return false;
        }

        if (first.Length == 1 && cluster[1].Gap is not (' ' or '-' or '(' or ')'))
        {
            return false;
        }

        var end = PhoneShapes.EndWithExtension(text, cluster[groups - 1].End);
        return pass.Add(PiiKind.Phone, start, end, cluster[1].Gap == '(' ? 0.8 : Near(ref pass, start, end) ? 0.75 : place.InRow ? 0.3 : 0.55);
    }

    private static void Grouped(ref ScanPass pass, in NumberCluster cluster, int start, bool open)
    {
        if (!PhoneShapes.TryTake(pass, cluster, cluster.Count == 1 ? 7 : 6, 13, out var groups))
        {
            return;
        }

        for (var g = 1; g < groups; g++)
        {
            if (cluster[g].Length == 1)
            {
                return;
            }
        }

        var last = cluster[groups - 1].End;
        var end = PhoneShapes.EndWithExtension(pass.Text, last);
        if (Near(ref pass, start, end))
        {
            pass.Add(PiiKind.Phone, start, end, 0.6);
        }
        else if (StandsAlone(pass.Text, cluster, groups, open) || (end > last && cluster[0].Length == 10))
        {
            pass.Add(PiiKind.Phone, start, end, 0.55);
        }
    }

    /// <summary>An area code in brackets and at least six digits more, or 3-3-2-2 joined by hyphens: nothing else is written so.</summary>
    private static bool StandsAlone(ReadOnlySpan<char> text, in NumberCluster cluster, int groups, bool open) =>
        (open && cluster[0].Length is >= 2 and <= 5 && cluster.Digits(groups) is >= 8 and <= 12 && groups >= 2 && cluster[1].Length >= 3)
        || (groups == 4 && cluster.HasLengths(3, 3, 2, 2) && cluster.HasGaps(4, '-') && text[cluster[0].Start] is >= '2');

    private static bool Near(ref ScanPass pass, int start, int end) => (pass.CuesBefore(start) & Cue.Phone) != 0
        || (pass.CuesBefore(start, 8) & Cue.Line) != 0 || (pass.CuesAfter(end) & (Cue.Phone | Cue.Line)) != 0;
}
