using System.Buffers;

namespace AgentGate.Pii.Detection;

/// <summary>
/// Finds personal data and credentials in a text, in one pass: characters that every value has at least one of are searched
/// for, and recognisers look at what stands around them. Time is linear in the text whatever it holds. Thread-safe.
/// </summary>
internal sealed class PiiScanner : IPiiScanner
{
    /// <summary>Every value has one of these, or is not found.</summary>
    private static readonly SearchValues<char> Anchors = SearchValues.Create("0123456789@:=_-.");

    private static readonly SearchValues<string> AccessKeyIds = SearchValues.Create(["AKIA", "ASIA", "ABIA", "ACCA"], StringComparison.Ordinal);

    private readonly ScanSettings _settings;
    private readonly CustomPattern[] _custom;

    /// <param name="options">Valid options: see <see cref="PiiOptionsRules.Validate"/>.</param>
    public PiiScanner(PiiOptions options)
    {
        _settings = new ScanSettings(options);
        _custom = [.. options.CustomTypes.Select(type => new CustomPattern(type))];
    }

    /// <summary>Appends what the text holds: without overlaps, in order.</summary>
    public void Scan(ReadOnlySpan<char> text, List<PiiMatch> matches) => Scan(text, matches, out _);

    /// <summary>The same; <paramref name="work"/> counts the characters looked at by recognisers.</summary>
    internal void Scan(ReadOnlySpan<char> text, List<PiiMatch> matches, out long work)
    {
        if (!TextFolding.IsNeeded(text))
        {
            work = ScanPlain(text, matches);
            return;
        }

        using var folded = new TextFolding(text);
        var first = matches.Count;
        work = text.Length + ScanPlain(folded.Text, matches);
        folded.MapBack(matches, first);
    }

    private long ScanPlain(ReadOnlySpan<char> text, List<PiiMatch> matches)
    {
        var pass = new ScanPass(text, matches, _settings);
        var at = 0;
        while (at < text.Length)
        {
            var next = text[at..].IndexOfAny(Anchors);
            if (next < 0)
            {
                break;
            }

            pass.Work++;
            at = AtAnchor(ref pass, at + next);
        }

        FindAccessKeyIds(ref pass);
        foreach (var pattern in _custom)
        {
            pattern.Find(ref pass);
        }

        return pass.Work;
    }

    /// <summary>One access key identifier in thirty is letters only and has no anchor.</summary>
    private static void FindAccessKeyIds(ref ScanPass pass)
    {
        for (var at = 0; at < pass.Text.Length;)
        {
            var next = pass.Text[at..].IndexOfAny(AccessKeyIds);
            if (next < 0)
            {
                break;
            }

            at += next;
            if (pass.StartsValue(at))
            {
                KeyRecognizer.FindAt(ref pass, at, at);
            }

            at += 4;
        }
    }

    private static int AtAnchor(ref ScanPass pass, int at)
    {
        switch (pass.Text[at])
        {
            case '@':
                return EmailRecognizer.Find(ref pass, at);
            case ':':
                Ipv6Recognizer.Find(ref pass, at);
                UrlRecognizer.Find(ref pass, at);
                AssignedSecretRecognizer.Find(ref pass, at);
                return at + 1;
            case '=':
                AssignedSecretRecognizer.Find(ref pass, at);
                return at + 1;
            case '_':
                return Math.Max(at + 1, WordScan.Scan(ref pass, at));
            case '.':
                MacRecognizer.FindAtDot(ref pass, at);
                return at + 1;
            case '-':
                return AtHyphen(ref pass, at);
            default:
                return AtDigit(ref pass, at);
        }
    }

    private static int AtHyphen(ref ScanPass pass, int at)
    {
        var text = pass.Text;
        if (at + 1 < text.Length && text[at + 1] == '-')
        {
            return PemRecognizer.Find(ref pass, at);
        }

        if (at >= 2 && at + 15 <= text.Length && text[at + 3] == '-' && text[at + 6] == '-')
        {
            MacRecognizer.FindAtHyphen(ref pass, at);
        }

        return at + 1;
    }

    private static int AtDigit(ref ScanPass pass, int at)
    {
        var text = pass.Text;
        if (at + 2 < text.Length && text[at + 1] == 'Q' && text[at + 2] == '~')
        {
            KeyRecognizer.FindAzureSecret(ref pass, at);
        }

        var found = WordScan.Scan(ref pass, at);
        if (found > at)
        {
            return found;
        }

        var end = NumberScan.Scan(ref pass, at);
        if (end < text.Length && text[end] == ':')
        {
            KeyRecognizer.FindTelegram(ref pass, at, end);
        }
        else if (end < text.Length && text[end] == '|')
        {
            KeyRecognizer.FindFacebook(ref pass, at, end);
        }

        return end;
    }
}
