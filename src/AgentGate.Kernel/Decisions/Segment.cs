namespace AgentGate.Kernel.Decisions;

/// <summary>One addressed piece of text of a call or a response.</summary>
/// <param name="Index">The position in <see cref="CallContent.Segments"/>; the handle a change names.</param>
/// <param name="Kind">What the segment is made of.</param>
/// <param name="Role">What the segment is for.</param>
/// <param name="Text">The decoded text. Empty for <see cref="SegmentKind.Unread"/>.</param>
public readonly record struct Segment(int Index, SegmentKind Kind, SegmentRole Role, ReadOnlyMemory<char> Text);
