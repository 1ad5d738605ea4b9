using System.Buffers;

namespace AgentGate.Pii.Detection;

/// <summary>Private keys in PEM (RFC 7468) and OpenPGP armour (RFC 9580 §6.2): the whole block, or what there is of it.</summary>
internal static class PemRecognizer
{
    private const string Begin = "-----BEGIN ";
    private const string End = "-----END";
    private const int HeaderMax = 80;

    /// <summary>An Ed25519 key, the shortest in use, is 64 characters of Base64; less is an example.</summary>
    private const int ShortestBody = 48;
    private static readonly SearchValues<char> Body =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=:,.- \t\r\n\\\"'");

    /// <summary>Tries at the first of a run of hyphens; returns where to go on.</summary>
    public static int Find(ref ScanPass pass, int at)
    {
        var text = pass.Text;
        var dashes = text[at..].IndexOfAnyExcept('-');
        if (dashes < 0)
        {
            return text.Length;
        }

        var next = at + dashes;
        pass.Work += dashes;
        if (dashes < 5 || !text[(next - 5)..].StartsWith(Begin, StringComparison.Ordinal))
        {
            return next;
        }

        var start = next - 5;
        var header = text[start..Math.Min(text.Length, start + HeaderMax)];
        var close = header[Begin.Length..].IndexOf("-----");
        if (close < 0 || header[..(Begin.Length + close)].IndexOf("PRIVATE KEY") < 0)
        {
            return next;
        }

        var body = start + Begin.Length + close + 5;
        var end = BlockEnd(ref pass, body);
        if (end - body >= ShortestBody)
        {
            pass.Add(PiiKind.PrivateKey, start, end, 1.0);
            return end;
        }

        return next;
    }

    private static int BlockEnd(ref ScanPass pass, int body)
    {
        var text = pass.Text;
        if (body < pass.NoPemEndFrom)
        {
            var found = text[body..].IndexOf(End);
            pass.Work += found < 0 ? text.Length - body : found;
            if (found >= 0)
            {
                var tail = body + found + End.Length;
                var close = text[tail..Math.Min(text.Length, tail + HeaderMax)].IndexOf("-----");
                return found < ShortestBody ? body : close < 0 ? tail : tail + close + 5;
            }

            pass.NoPemEndFrom = body;
        }

        // No end: what still looks like the body is the key all the same.
        var length = text[body..].IndexOfAnyExcept(Body);
        length = length < 0 ? text.Length - body : length;
        pass.Work += length;
        return body + text[body..(body + length)].TrimEnd(" \t\r\n\\\"',.-:").Length;
    }
}
