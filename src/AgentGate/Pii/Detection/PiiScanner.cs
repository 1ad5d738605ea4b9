using System.Buffers;

namespace AgentGate.Pii.Detection;

/// <summary>
/// Finds personal data and credentials in a text, in one pass: characters that every value has at least one of are searched
/// for, and recognisers look at what stands around them. Time is linear in the text whatever it holds. Thread-safe.
/// </summary>
internal sealed class PiiScanner : IPiiScanner
{
    /// <summary>Every value has one of these, or is not found.</summary>
    private const string AnchorCharacters = "0123456789@:=_-.";
    private static readonly SearchValues<char> Anchors = SearchValues.Create(AnchorCharacters);

    /// <summary>The same as bits.</summary>
    private static readonly ulong[] IsAnchor =
    [
        AnchorCharacters.Where(c => c < 64).Aggregate(0UL, (bits, c) => bits | (1UL << c)),
        AnchorCharacters.Where(c => c >= 64).Aggregate(0UL, (bits, c) => bits | (1UL << c)),
    ];

    /// <summary>Longer texts are prose, of which the field's name says little.</summary>
    private const int FieldMax = 256;

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
    public void Scan(ReadOnlySpan<char> text, List<PiiMatch> matches) => Scan(text, default, matches, out _);

    /// <summary>The same for the text of a field: in a short text the words of the field's name count as context.</summary>
    public void Scan(ReadOnlySpan<char> text, ReadOnlySpan<char> fieldName, List<PiiMatch> matches) => Scan(text, fieldName, matches, out _);

    /// <summary>The same; <paramref name="work"/> counts the characters looked at by recognisers.</summary>
    internal void Scan(ReadOnlySpan<char> text, List<PiiMatch> matches, out long work) => Scan(text, default, matches, out work);

    private void Scan(ReadOnlySpan<char> text, ReadOnlySpan<char> fieldName, List<PiiMatch> matches, out long work)
    {
        if (!TextFolding.IsNeeded(text))
        {
            work = ScanPlain(text, fieldName, matches);
            return;
        }

        using var folded = new TextFolding(text);
        var first = matches.Count;
        work = text.Length + ScanPlain(folded.Text, fieldName, matches);
        folded.MapBack(matches, first);
    }

    private long ScanPlain(ReadOnlySpan<char> text, ReadOnlySpan<char> fieldName, List<PiiMatch> matches)
    {
        var pass = new ScanPass(text, matches, _settings);
        if (fieldName.Length > 0 && text.Length <= FieldMax)
        {
            pass.FieldCues = new CueReader(fieldName).Before(fieldName.Length, fieldName.Length);
            AssignedSecretRecognizer.FindField(ref pass, fieldName);
        }

        var at = 0;
        while (at < text.Length)
        {
            at = NextAnchor(text, at);
            if (at == text.Length)
            {
                break;
            }

            pass.Work++;
            at = AtAnchor(ref pass, at);
        }

        FindAccessKeyIds(ref pass);
        foreach (var pattern in _custom)
        {
            pattern.Find(ref pass);
        }

        return pass.Work;
    }

    /// <summary>Where values are dense the next anchor is near: a few characters are tried one by one before the vectors are set up.</summary>
    private static int NextAnchor(ReadOnlySpan<char> text, int at)
    {
        var near = Math.Min(at + 6, text.Length);
        for (; at < near; at++)
        {
            if (text[at] < 0x80 && (IsAnchor[text[at] >> 6] & (1UL << text[at])) != 0)
            {
                return at;
            }
        }

        var next = text[at..].IndexOfAny(Anchors);
        return next < 0 ? text.Length : at + next;
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
                AtColon(ref pass, at);
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

    private static void AtColon(ref ScanPass pass, int at)
    {
        var next = at + 1 < pass.Text.Length ? pass.Text[at + 1] : '\0';
        if (next == '/')
        {
            UrlRecognizer.Find(ref pass, at);
            return;
        }

        if (next == ':' || char.IsAsciiHexDigit(next))
        {
            Ipv6Recognizer.Find(ref pass, at);
        }

        AssignedSecretRecognizer.Find(ref pass, at);
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

        if (!IsLoneNumber(text, at))
        {
            var found = WordScan.Scan(ref pass, at);
            if (found > at)
            {
                return found;
            }
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

    /// <summary>Digits and nothing else up to what ends a word on both sides: nothing for the recognisers of words.</summary>
    private static bool IsLoneNumber(ReadOnlySpan<char> text, int at)
    {
        if (at > 0 && WordScan.IsWordCharacter(text[at - 1]))
        {
            return false;
        }

        var limit = Math.Min(text.Length, at + 20);
        while (at < limit && char.IsAsciiDigit(text[at]))
        {
            at++;
        }

        return at == text.Length || !WordScan.IsWordCharacter(text[at]);
    }
}
