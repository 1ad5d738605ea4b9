using System.Buffers;
using System.Collections.Immutable;
using AgentGate.Kernel.Decisions;
using AgentGate.Pii.Detection;
using AgentGate.Pii.Restoring;
using AgentGate.Pii.Vault;

namespace AgentGate.Pii;

/// <summary>What is to be masked in one content: places in document order, and the distinct values in order of first occurrence.</summary>
internal sealed class PiiHits
{
    /// <summary>The shortest value that is looked for elsewhere, and the most values that are.</summary>
    private const int RepeatedMin = 7;
    private const int RepeatedMax = 256;

    private readonly List<(int Segment, int Start, int Length, int Value, string Type)> _places = [];
    private readonly Dictionary<string, int> _valueByText = new(StringComparer.Ordinal);
    private readonly ImmutableArray<PiiValue>.Builder _values = ImmutableArray.CreateBuilder<PiiValue>();

    /// <summary>The distinct values.</summary>
    public int ValueCount => _values.Count;

    /// <summary>The distinct values in order of first occurrence.</summary>
    public ImmutableArray<PiiValue> Values => _values.ToImmutable();

    /// <summary>Adds what a segment holds.</summary>
    /// <param name="segment">The segment.</param>
    /// <param name="matches">Its matches, sorted by position; overlapping ones become one place.</param>
    public void Add(in Segment segment, List<PiiMatch> matches)
    {
        for (var i = 0; i < matches.Count; i++)
        {
            var (start, length, type, _) = matches[i];
            var end = start + length;
            while (i + 1 < matches.Count && matches[i + 1].Start < end)
            {
                var next = matches[++i];
                end = Math.Max(end, next.Start + next.Length);
                type = type == LookAlikes.Type ? next.Type : type;
            }

            var text = segment.Text[start..end].ToString();
            if (!_valueByText.TryGetValue(text, out var value))
            {
                value = _values.Count;
                _valueByText.Add(text, value);
                _values.Add(new PiiValue(type, text));
            }

            _places.Add((segment.Index, start, end - start, value, type));
        }
    }

    /// <summary>
    /// Adds the places where a value stands that was recognised elsewhere: what a context word gave away in one place would
    /// otherwise leave in another. Values keep the numbers of their first recognition, so that a longer history masks the
    /// same way.
    /// </summary>
    public void AddRepeated(CallContent content)
    {
        var known = _values.Where(value => value.Text.Length >= RepeatedMin && value.Type != LookAlikes.Type).ToList();
        if (known.Count is 0 or > RepeatedMax)
        {
            return;
        }

        var taken = _places.Select(place => (place.Segment, place.Start, place.Length)).ToHashSet();
        var added = false;
        var search = SearchValues.Create([.. known.Select(value => value.Text)], StringComparison.Ordinal);
        foreach (ref readonly var segment in content.Segments)
        {
            if (segment.Kind is SegmentKind.Unread or SegmentKind.Sealed || segment.Text.Length < RepeatedMin)
            {
                continue;
            }

            added |= AddRepeated(segment, search, known, taken);
        }

        if (added)
        {
            _places.Sort(static (left, right) => (left.Segment, left.Start).CompareTo((right.Segment, right.Start)));
        }
    }

    private bool AddRepeated(in Segment segment, SearchValues<string> search, List<PiiValue> known, HashSet<(int Segment, int Start, int Length)> taken)
    {
        var text = segment.Text.Span;
        var added = false;
        for (var at = 0; at < text.Length && text[at..].IndexOfAny(search) is var next and >= 0;)
        {
            at += next;
            var start = at++;
            foreach (var value in known)
            {
                var end = start + value.Text.Length;
                if (!text[start..].StartsWith(value.Text, StringComparison.Ordinal)
                    || (start > 0 && char.IsLetterOrDigit(text[start - 1]))
                    || (end < text.Length && char.IsLetterOrDigit(text[end])))
                {
                    continue;
                }

                // A place that a recogniser found stays as it is, also where it is longer than the value.
                var index = segment.Index;
                if (!taken.Any(place => place.Segment == index && place.Start < end && start < place.Start + place.Length))
                {
                    _places.Add((index, start, value.Text.Length, _valueByText[value.Text], value.Type));
                    taken.Add((index, start, value.Text.Length));
                    added = true;
                }

                at = end;
                break;
            }
        }

        return added;
    }

    /// <summary>The changes that put tokens in place of the values, and what was found where.</summary>
    /// <param name="content">The content that was searched.</param>
    /// <param name="tokens">One token per value.</param>
    public Verdict.Transform Mask(CallContent content, ImmutableArray<string> tokens)
    {
        var changes = ImmutableArray.CreateBuilder<ContentChange>();
        var found = new List<(int Segment, string Type, int Count)>();
        var segments = content.Segments;
        for (var first = 0; first < _places.Count;)
        {
            var index = _places[first].Segment;
            var text = segments[index].Text.Span;
            var masked = new System.Text.StringBuilder(text.Length + 16);
            var counts = new SortedDictionary<string, int>(StringComparer.Ordinal);
            var written = 0;
            var place = first;
            for (; place < _places.Count && _places[place].Segment == index; place++)
            {
                var (_, start, length, value, type) = _places[place];
                masked.Append(text[written..start]).Append(tokens[value]);
                written = start + length;
                counts[type] = counts.GetValueOrDefault(type) + 1;
            }

            masked.Append(text[written..]);
            changes.Add(new ContentChange.ReplaceText(index, masked.ToString()));
            found.AddRange(counts.Select(count => (index, count.Key, count.Value)));
            first = place;
        }

        // Addresses come from the masked content: a key may itself have been personal data, and findings go on record.
        var all = changes.DrainToImmutable();
        var after = content.Apply(all);
        return new Verdict.Transform(all)
        {
            Findings = [.. found.Select(one => new Finding(one.Type, after.AddressOf(one.Segment), one.Count, "masked"))],
        };
    }
}
