using System.Buffers;
using AgentGate.Kernel.Decisions;
using AgentGate.Threats.Detection;
using AgentGate.Threats.Normalization;

namespace AgentGate.Threats;

/// <summary>
/// Several parts of one call as one text, so that an attack cut into parts is still one: put together without anything
/// between them, and with a space. What counts is what no part shows alone and what lies across a seam.
/// </summary>
internal sealed class ThreatParts(ThreatScanner scanner)
{
    /// <summary>How near to a seam a hit must come: an analyser names the core of an attack, not all it needed to see.</summary>
    private const int Reach = 16;

    private readonly List<(int Segment, int Length)> _parts = [];
    private int _length;

    public int Count => _parts.Count;

    public void Add(in Segment segment)
    {
        if (!segment.Text.IsEmpty)
        {
            _parts.Add((segment.Index, segment.Text.Length));
            _length += segment.Text.Length;
        }
    }

    public void Clear()
    {
        _parts.Clear();
        _length = 0;
    }

    /// <summary>Judges the parts together.</summary>
    /// <param name="content">Where they come from.</param>
    /// <param name="context">Their context.</param>
    /// <param name="hits">Used for the work.</param>
    /// <param name="found">Gets every hit across a seam, and the segment where it begins; places are of that segment.</param>
    public void Judge(CallContent content, ThreatContext context, ThreatHits hits, Action<ThreatHit, int> found)
    {
        if (_parts.Count < 2)
        {
            return;
        }

        var text = ArrayPool<char>.Shared.Rent(_length + _parts.Count);
        try
        {
            for (var gap = 0; gap <= 1; gap++)
            {
                var length = 0;
                foreach (var (segment, _) in _parts)
                {
                    if (gap == 1 && length > 0)
                    {
                        text[length++] = ' ';
                    }

                    content.Segments[segment].Text.Span.CopyTo(text.AsSpan(length));
                    length += content.Segments[segment].Text.Length;
                }

                hits.Clear();
                scanner.Scan(text.AsSpan(0, length), context, ArgumentKind.Text, hits);
                foreach (var hit in hits.Found)
                {
                    if (hit.Score - ThreatThresholds.Joined >= ThreatThresholds.Of(hit.Context, hit.Family) && Across(hit, gap) is var (segment, start))
                    {
                        found(hit with { Start = start, Layers = hit.Layers | TextLayers.Joined }, segment);
                    }
                }
            }
        }
        finally
        {
            // The text may hold anything a caller sent: it does not stay behind in a shared pool.
            ArrayPool<char>.Shared.Return(text, clearArray: true);
        }
    }

    /// <summary>The part a hit begins in and where, if a seam is within its reach.</summary>
    private (int Segment, int Start)? Across(in ThreatHit hit, int gap)
    {
        var isAcross = false;
        (int Segment, int Start)? place = null;
        var begin = 0;
        for (var i = 0; i < _parts.Count; i++)
        {
            var end = begin + _parts[i].Length;
            if (place is null && (hit.Start < end + gap || i == _parts.Count - 1))
            {
                place = (_parts[i].Segment, Math.Max(0, hit.Start - begin));
            }

            isAcross |= i < _parts.Count - 1 && end >= hit.Start - Reach && end <= hit.Start + hit.Length + Reach;
            begin = end + gap;
        }

        return isAcross ? place : null;
    }
}
