using System.Buffers;

namespace AgentGate.Pii;

/// <summary>
/// The values that a call is known to hold, made to be looked for everywhere. At each place where a word may begin the
/// values are a binary search away, whatever their number, and the ones that begin alike a step each.
/// </summary>
internal sealed class KnownValues
{
    /// <summary>The shortest value that is looked for; a shorter one stands in too many other words.</summary>
    public const int LengthMin = 7;

    private readonly (string Text, int Value, string Type)[] _sorted;

    /// <summary>Of each value the longest other one that it begins with, or -1.</summary>
    private readonly int[] _inner;

    private readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> _beginnings;
    private readonly SearchValues<char> _firsts;

    /// <param name="values">The values with their numbers, all distinct and none shorter than <see cref="LengthMin"/>.</param>
    public KnownValues(List<(string Text, int Value, string Type)> values)
    {
        _sorted = [.. values];
        Array.Sort(_sorted, static (left, right) => string.CompareOrdinal(left.Text, right.Text));
        _inner = new int[_sorted.Length];
        for (var i = 0; i < _sorted.Length; i++)
        {
            var inner = i - 1;
            while (inner >= 0 && !_sorted[i].Text.StartsWith(_sorted[inner].Text, StringComparison.Ordinal))
            {
                inner = _inner[inner];
            }

            _inner[i] = inner;
        }

        _beginnings = _sorted.Select(value => value.Text[..LengthMin]).ToHashSet(StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();
        _firsts = SearchValues.Create([.. _sorted.Select(value => value.Text[0]).Distinct()]);
    }

    /// <summary>What was looked at: places where a value may begin, and values compared. For tests of how the work grows.</summary>
    public long Work { get; private set; }

    /// <summary>Copies the places of one segment, in order, with those of known values among them.</summary>
    /// <param name="segment">The segment.</param>
    /// <param name="text">Its text.</param>
    /// <param name="found">The places that recognisers found there, in order. They stay as they are.</param>
    /// <param name="places">The list to append to.</param>
    public void AddTo(int segment, ReadOnlySpan<char> text, ReadOnlySpan<PiiPlace> found, List<PiiPlace> places)
    {
        var at = 0;
        foreach (var place in found)
        {
            Find(segment, text, at, place.Start, places);
            places.Add(place);
            at = place.End;
        }

        Find(segment, text, at, text.Length, places);
    }

    /// <summary>Looks between two places that are taken.</summary>
    private void Find(int segment, ReadOnlySpan<char> text, int from, int to, List<PiiPlace> places)
    {
        while (to - from >= LengthMin && text[from..(to - LengthMin + 1)].IndexOfAny(_firsts) is var next and >= 0)
        {
            from += next;
            Work++;
            if ((from > 0 && char.IsLetterOrDigit(text[from - 1]))
                || !_beginnings.Contains(text.Slice(from, LengthMin))
                || LongestAt(text, from, to) is not (>= 0 and var index))
            {
                from++;
                continue;
            }

            var (value, number, type) = _sorted[index];
            places.Add(new PiiPlace(segment, from, value.Length, number, type));
            from += value.Length;
        }
    }

    /// <summary>The longest value that stands here as a word of its own, or -1.</summary>
    private int LongestAt(ReadOnlySpan<char> text, int from, int to)
    {
        var here = text[from..to];
        var (low, high) = (0, _sorted.Length);
        while (low < high)
        {
            Work++;
            var middle = (low + high) >>> 1;
            (low, high) = here.SequenceCompareTo(_sorted[middle].Text) >= 0 ? (middle + 1, high) : (low, middle);
        }

        // Every value that the text begins with is the last one not after it, or one that this one begins with.
        var index = low - 1;
        var common = index < 0 ? 0 : here.CommonPrefixLength(_sorted[index].Text);
        for (; index >= 0; index = _inner[index])
        {
            Work++;
            var end = from + _sorted[index].Text.Length;
            if (end - from <= common && (end == text.Length || !char.IsLetterOrDigit(text[end])))
            {
                return index;
            }
        }

        return -1;
    }
}
