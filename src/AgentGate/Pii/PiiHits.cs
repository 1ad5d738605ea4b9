using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text;
using AgentGate.Kernel.Decisions;
using AgentGate.Pii.Detection;
using AgentGate.Pii.Restoring;
using AgentGate.Pii.Vault;

namespace AgentGate.Pii;

/// <summary>What is to be masked in one content: places in document order, and the distinct values in order of first occurrence.</summary>
internal sealed class PiiHits
{
    /// <summary>The most findings with an address, and the most characters of addresses: an entry of the log takes no more, and a key can be long.</summary>
    private const int FindingsMax = 256;
    private const int AddressesMax = 64 * 1024;

    private List<PiiPlace> _places = [];
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

            _places.Add(new PiiPlace(segment.Index, start, end - start, value, type));
        }
    }

    /// <summary>
    /// Adds the places where a value stands that was recognised elsewhere: what a context word gave away in one place would
    /// otherwise leave in another. Values keep the numbers of their first recognition, so that a longer history masks the
    /// same way.
    /// </summary>
    public void AddRepeated(CallContent content)
    {
        var known = new List<(string Text, int Value, string Type)>();
        for (var i = 0; i < _values.Count; i++)
        {
            if (_values[i].Text.Length >= KnownValues.LengthMin && _values[i].Type != LookAlikes.Type)
            {
                known.Add((_values[i].Text, i, _values[i].Type));
            }
        }

        if (known.Count == 0)
        {
            return;
        }

        var values = new KnownValues(known);
        var all = new List<PiiPlace>(_places.Count);
        var first = 0;
        foreach (ref readonly var segment in content.Segments)
        {
            var end = first;
            while (end < _places.Count && _places[end].Segment == segment.Index)
            {
                end++;
            }

            if (segment.Kind is not (SegmentKind.Unread or SegmentKind.Sealed))
            {
                values.AddTo(segment.Index, segment.Text.Span, CollectionsMarshal.AsSpan(_places)[first..end], all);
            }

            first = end;
        }

        _places = all;
        RepeatedWork = values.Work;
    }

    /// <summary>How many places are masked.</summary>
    internal int PlaceCount => _places.Count;

    /// <summary>What <see cref="AddRepeated"/> looked at. For tests of how the work grows.</summary>
    internal long RepeatedWork { get; private set; }

    /// <summary>How many addresses were asked for. For tests of how the work grows.</summary>
    internal int AddressCount { get; private set; }

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
            var masked = new StringBuilder(text.Length + 16);
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

        var all = changes.DrainToImmutable();
        return new Verdict.Transform(all) { Findings = Findings(content.Apply(all), found) };
    }

    /// <summary>
    /// What was found where, as far as an entry of the log takes it, and the rest by type. Addresses come from the masked
    /// content: a key may itself have been personal data, and findings go on record.
    /// </summary>
    private ImmutableArray<Finding> Findings(CallContent masked, List<(int Segment, string Type, int Count)> found)
    {
        var most = found.Count <= FindingsMax ? found.Count : Math.Max(0, FindingsMax - found.Select(one => one.Type).Distinct().Count());
        var findings = ImmutableArray.CreateBuilder<Finding>();
        var length = 0;
        for (; findings.Count < most && length < AddressesMax; AddressCount++)
        {
            var (segment, type, count) = found[findings.Count];
            var address = masked.AddressOf(segment);
            length += address.Length;
            findings.Add(new Finding(type, length > AddressesMax ? null : address, count, "masked"));
        }

        findings.AddRange(found.Skip(findings.Count).GroupBy(one => one.Type, StringComparer.Ordinal)
            .Select(group => new Finding(group.Key, null, group.Sum(one => one.Count), "masked")));
        return findings.DrainToImmutable();
    }
}
