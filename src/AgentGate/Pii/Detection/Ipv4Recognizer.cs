using static AgentGate.Pii.Detection.NumberScan;

namespace AgentGate.Pii.Detection;

/// <summary>IPv4 addresses in dotted decimal: four numbers up to 255 without leading zeros (RFC 3986 §3.2.2).</summary>
internal static class Ipv4Recognizer
{
    public static void Find(ref ScanPass pass, in NumberCluster cluster, Place place)
    {
        if (place.Joined && pass.Text[cluster[0].Start - 1] != ':')
        {
            return;
        }

        if (cluster.Count < 4 || !cluster.HasGaps(4, '.') || (cluster.Count > 4 && cluster[4].Gap == '.'))
        {
            return;
        }

        var text = pass.Text;
        var small = true;
        for (var i = 0; i < 4; i++)
        {
            if (!IsOctet(text[cluster[i].Start..cluster[i].End]))
            {
                return;
            }

            small &= cluster[i].Length == 1;
        }

        var start = cluster[0].Start;
        var end = cluster[3].End;
        if (pass.EndsValue(end) && !(end + 1 < text.Length && text[end] == '-' && char.IsAsciiLetter(text[end + 1])))
        {
            pass.Add(PiiKind.IpAddress, start, end, Score(ref pass, start, end, small));
        }
    }

    /// <summary>Whether the digits are a number up to 255 without a leading zero.</summary>
    public static bool IsOctet(ReadOnlySpan<char> digits)
    {
        if (digits.Length is 0 or > 3 || (digits.Length > 1 && digits[0] == '0'))
        {
            return false;
        }

        var value = 0;
        foreach (var c in digits)
        {
            value = (value * 10) + (c - '0');
        }

        return value <= 255;
    }

    private static double Score(ref ScanPass pass, int start, int end, bool small)
    {
        var cues = pass.CuesBefore(start, 20);
        if ((cues & (Cue.Version | Cue.Ip)) == Cue.Version)
        {
            return 0.3;
        }

        // A product token, "Name/1.2.3.4" (RFC 9110 §10.1.5), is a version.
        if (start > 1 && pass.Text[start - 1] == '/' && char.IsAsciiLetter(pass.Text[start - 2]))
        {
            return 0.35;
        }

        // A prefix length after it: a network (RFC 4632 §3.1).
        if ((cues & Cue.Ip) != 0 || (end + 1 < pass.Text.Length && pass.Text[end] == '/' && char.IsAsciiDigit(pass.Text[end + 1])))
        {
            return 0.85;
        }

        // 4.2.1.3 is a heading more often than an address.
        return small && !pass.IsWholeText(start, end) ? 0.45 : 0.7;
    }
}
