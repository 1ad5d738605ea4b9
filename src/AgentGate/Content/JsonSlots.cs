namespace AgentGate.Content;

/// <summary>
/// Where the segments of a content lie, both ways. The way from a node to its segment is a binary search in an index that is
/// made when first asked for: most contents never ask. Immutable and thread-safe.
/// </summary>
internal sealed class JsonSlots(JsonContent.Slot[] slots, int parts)
{
    private Index? _index;

    public int Count => slots.Length;

    public JsonContent.Slot this[int segment] => slots[segment];

    /// <summary>The segment of a node, or -1.</summary>
    public int SegmentOf(int part, int node)
    {
        // Two threads may both make it; they make the same.
        var (first, segments) = _index ??= MakeIndex();
        var (low, high) = (first[part], first[part + 1] - 1);
        while (low <= high)
        {
            var middle = (low + high) >>> 1;
            var at = slots[segments[middle]].Node;
            if (at == node)
            {
                return segments[middle];
            }

            (low, high) = at < node ? (middle + 1, high) : (low, middle - 1);
        }

        return -1;
    }

    /// <summary>The segments by part. Within a part they come in the order of their nodes, because documents are walked in order.</summary>
    private Index MakeIndex()
    {
        var first = new int[parts + 1];
        foreach (var slot in slots)
        {
            first[slot.Part + 1]++;
        }

        for (var part = 0; part < parts; part++)
        {
            first[part + 1] += first[part];
        }

        var next = first[..parts];
        var segments = new int[slots.Length];
        for (var segment = 0; segment < slots.Length; segment++)
        {
            segments[next[slots[segment].Part]++] = segment;
        }

        return new Index(first, segments);
    }

    /// <param name="First">Of each part, where its segments begin; one more at the end.</param>
    /// <param name="Segments">The segments, part by part.</param>
    private sealed record Index(int[] First, int[] Segments);
}
