using System.Buffers;
using System.Runtime.InteropServices;

namespace AgentGate.Pii.Detection;

/// <summary>One pass over one text: the text, what was found so far, and the words around.</summary>
internal ref struct ScanPass
{
    public readonly ReadOnlySpan<char> Text;

    /// <summary>Steps taken, in characters looked at: what the tests of linear growth compare.</summary>
    public long Work;

    /// <summary>The end of the last word handed to the word recognisers.</summary>
    public int WordEnd;

    /// <summary>The end of the last run of hexadecimal digits and colons looked at.</summary>
    public int HexRunEnd;

    /// <summary>The end of the user part of the last URL seen: an @ before it is none of an e-mail address.</summary>
    public int UserInfoEnd;

    /// <summary>No <c>-----END</c> stands at or after this position.</summary>
    public int NoPemEndFrom = int.MaxValue;

    private const int MarginMax = 8;
    private const int Before = 48;
    private const int After = 16;
    /// <summary>What the name of the field says whose text this is.</summary>
    public Cue FieldCues;

    /// <summary>The runs of digits read last.</summary>
    public NumberCluster Numbers;

    private static readonly SearchValues<char> Margin = SearchValues.Create(" \t\r\n\"'.,;");
    private readonly List<PiiMatch> _matches;
    private readonly int _first;
    private readonly ScanSettings _settings;
    private CueReader _cues;
    private int _cuesStart = -1;
    private Cue _cuesBefore;

    public ScanPass(ReadOnlySpan<char> text, List<PiiMatch> matches, ScanSettings settings)
    {
        Text = text;
        _matches = matches;
        _first = matches.Count;
        _settings = settings;
        _cues = new CueReader(text);
    }

    /// <summary>What the words in the 48 characters before say.</summary>
    public Cue CuesBefore(int start)
    {
        if (start != _cuesStart)
        {
            _cuesStart = start;
            _cuesBefore = CuesBefore(start, Before);
        }

        return _cuesBefore | FieldCues;
    }

    public Cue CuesBefore(int start, int reach)
    {
        Work += reach / 4;
        return _cues.Before(start, reach) | FieldCues;
    }

    /// <summary>What the words in the 16 characters after say.</summary>
    public Cue CuesAfter(int end)
    {
        Work += After / 4;
        return _cues.After(end, After);
    }

    /// <summary>Whether the value is all there is: a form field, a tool argument, a JSON string.</summary>
    public readonly bool IsWholeText(int start, int end) =>
        start <= MarginMax && Text.Length - end <= MarginMax && !Text[..start].ContainsAnyExcept(Margin) && !Text[end..].ContainsAnyExcept(Margin);

    /// <summary>Whether a value may begin here: not in the middle of a word, where an escape such as <c>\n</c> is no word.</summary>
    public readonly bool StartsValue(int at)
    {
        if (at == 0)
        {
            return true;
        }

        var before = Text[at - 1];
        if (!char.IsAsciiLetterOrDigit(before) && before != '_')
        {
            return true;
        }

        // A number joined to a name, lookup_123-45-6789, is still a number; a word joined to a name is one name.
        if (before == '_' && char.IsAsciiDigit(Text[at]))
        {
            return true;
        }

        return before is 'n' or 'r' or 't' && at > 1 && Text[at - 2] == '\\';
    }

    /// <summary>Whether a value may end here.</summary>
    public readonly bool EndsValue(int end) =>
        end >= Text.Length
        || (!char.IsAsciiLetterOrDigit(Text[end]) && (Text[end] != '_' || (end > 0 && char.IsAsciiDigit(Text[end - 1]))));

    public readonly bool IsEnabled(PiiKind kind) => _settings.IsEnabled(kind);

    public bool Add(PiiKind kind, int start, int end, double score) =>
        _settings.IsEnabled(kind) && Add(PiiTypes.Name(kind), start, end, score);

    /// <summary>Keeps the candidate unless a better one overlaps it: the higher score, then the longer, then the earlier.</summary>
    public bool Add(string type, int start, int end, double score)
    {
        if (score < _settings.Threshold || _settings.IsAllowed(Text[start..end]))
        {
            return false;
        }

        var matches = CollectionsMarshal.AsSpan(_matches);
        var insertAt = matches.Length;
        while (insertAt > _first && matches[insertAt - 1].Start >= end)
        {
            insertAt--;
        }

        var from = insertAt;
        while (from > _first && matches[from - 1].Start + matches[from - 1].Length > start)
        {
            var other = matches[from - 1];
            if (other.Score > score || (other.Score == score && other.Length >= end - start))
            {
                return false;
            }

            from--;
        }

        _matches.RemoveRange(from, insertAt - from);
        _matches.Insert(from, new PiiMatch(start, end - start, type, score));
        return true;
    }
}
