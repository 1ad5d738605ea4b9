using System.Buffers;
using System.Buffers.Text;

namespace AgentGate.Pii.Detection;

/// <summary>JSON Web Tokens in compact form (RFC 7519, RFC 7515 §3.1, RFC 7516 §3.1): a header that is a JSON object, then one to four parts.</summary>
internal static class JwtRecognizer
{
    private const int HeaderJudged = 64;
    private static readonly SearchValues<char> Part = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");

    /// <summary>Tries where a word begins; returns the end of the token, or <paramref name="at"/>.</summary>
    public static int Find(ref ScanPass pass, int at)
    {
        var text = pass.Text;
        if (!text[at..].StartsWith("eyJ", StringComparison.Ordinal) && !text[at..].StartsWith("ewo", StringComparison.Ordinal))
        {
            return at;
        }

        var dot = at + PartLength(ref pass, at);
        if (dot - at < 16 || dot >= text.Length || text[dot] != '.' || !IsHeader(text[at..dot]))
        {
            return at;
        }

        var end = dot + 1 + PartLength(ref pass, dot + 1);
        if (end - dot < 8)
        {
            return at;
        }

        for (var parts = 2; parts < 5 && end < text.Length && text[end] == '.'; parts++)
        {
            end += 1 + PartLength(ref pass, end + 1);
        }

        if (text[end - 1] == '.')
        {
            end--;
        }

        return pass.Add(PiiKind.Jwt, at, end, 0.95) ? end : at;
    }

    private static int PartLength(ref ScanPass pass, int from)
    {
        var length = pass.Text[from..].IndexOfAnyExcept(Part);
        length = length < 0 ? pass.Text.Length - from : length;
        pass.Work += length;
        return length;
    }

    /// <summary>Decodes the end and the beginning: a closed object with one of the header names that every token has.</summary>
    private static bool IsHeader(ReadOnlySpan<char> header)
    {
        Span<byte> json = stackalloc byte[HeaderJudged];
        var tail = Math.Max(0, (header.Length - HeaderJudged) / 4 * 4) is var skip && header.Length - skip > HeaderJudged ? skip + 4 : skip;
        if (Decode(header[tail..], json) is not (> 0 and var end) || ((ReadOnlySpan<byte>)json[..end]).TrimEnd(" \r\n\t"u8) is not [.., (byte)'}'])
        {
            return false;
        }

        var written = Decode(header[..(Math.Min(header.Length, HeaderJudged) / 4 * 4)], json);
        ReadOnlySpan<byte> head = json[..Math.Max(0, written)];
        return head.Length > 0 && head[0] == '{'
            && (head.IndexOf("\"alg\""u8) >= 0 || head.IndexOf("\"typ\""u8) >= 0 || head.IndexOf("\"kid\""u8) >= 0 || head.IndexOf("\"enc\""u8) >= 0
                || head.IndexOf("\"cty\""u8) >= 0 || head.IndexOf("\"x5"u8) >= 0 || head.IndexOf("\"jwk\""u8) >= 0);
    }

    private static int Decode(ReadOnlySpan<char> part, Span<byte> json) =>
        Base64Url.DecodeFromChars(part, json, out _, out var written) == OperationStatus.Done ? written : -1;
}
