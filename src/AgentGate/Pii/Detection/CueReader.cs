using System.Runtime.CompilerServices;

namespace AgentGate.Pii.Detection;

/// <summary>
/// Reads the words around candidates. Words are read forward only and remembered, so however many candidates ask,
/// no character of the text is read more than a bounded number of times.
/// </summary>
internal ref struct CueReader(ReadOnlySpan<char> text)
{
    private const int RingSize = 64;
    private readonly ReadOnlySpan<char> _text = text;
    private Ring _ring;
    private int _count;
    private int _readTo;

    /// <summary>The cues of all words that lie wholly in so many characters before a position.</summary>
    public Cue Before(int at, int reach) => Between(Math.Max(0, at - reach), at);

    /// <summary>The cues of all words that lie wholly in so many characters after a position.</summary>
    public Cue After(int at, int reach) => Between(at, Math.Min(_text.Length, at + reach));

    private Cue Between(int from, int to)
    {
        ReadUpTo(from, to);
        var cues = Cue.None;
        for (var k = _count - 1; k >= 0 && k >= _count - RingSize; k--)
        {
            var hit = _ring[k % RingSize];
            if (hit.Start < from)
            {
                break;
            }

            cues |= hit.End <= to ? hit.Cue : Cue.None;
        }

        return cues;
    }

    private void ReadUpTo(int from, int to)
    {
        var i = Math.Max(_readTo, from);
        if (i > _readTo)
        {
            // The window starts in the middle of a word: what is left of it is not the word.
            while (i < to && i > 0 && char.IsAsciiLetter(_text[i]) && char.IsAsciiLetter(_text[i - 1]))
            {
                i++;
            }
        }

        while (i < to)
        {
            if (!char.IsAsciiLetter(_text[i]))
            {
                i++;
                continue;
            }

            var end = i + 1;
            while (end < _text.Length && char.IsAsciiLetter(_text[end]) && end - i <= CueWords.LongestWord
                && !(char.IsAsciiLetterLower(_text[end - 1]) && char.IsAsciiLetterUpper(_text[end])))
            {
                end++;
            }

            var cue = CueWords.Of(_text[i..end]);
            if (cue != Cue.None)
            {
                _ring[_count++ % RingSize] = new Hit(i, end, cue);
            }

            i = end;
        }

        _readTo = Math.Max(_readTo, i);
    }

    private readonly record struct Hit(int Start, int End, Cue Cue);

    [InlineArray(RingSize)]
    private struct Ring
    {
        private Hit _first;
    }
}
