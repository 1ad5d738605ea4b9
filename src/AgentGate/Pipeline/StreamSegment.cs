using AgentGate.Kernel.Decisions;

namespace AgentGate.Pipeline;

/// <summary>One piece of text of a streamed answer.</summary>
/// <param name="Channel">
/// The text it continues, for example <c>choices/0/content</c>. Deltas of one channel form one text. The name is the
/// door's; a guard only compares it.
/// </param>
/// <param name="Role">What the text is for.</param>
/// <param name="Kind">What the segment is made of.</param>
/// <param name="Text">The delta, or the whole text when <paramref name="Whole"/>.</param>
/// <param name="Final">Whether the channel ends with this piece: what a guard held back must come out now.</param>
/// <param name="Whole">Whether the piece is a complete text of its own (a final summary event) and not a delta.</param>
public readonly record struct StreamSegment(
    string Channel,
    SegmentRole Role,
    SegmentKind Kind,
    ReadOnlyMemory<char> Text,
    bool Final,
    bool Whole);
