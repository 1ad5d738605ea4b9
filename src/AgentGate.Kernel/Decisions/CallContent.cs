using System.Collections.Immutable;

namespace AgentGate.Kernel.Decisions;

/// <summary>
/// The content of a call or a response: addressed text segments over the door's own document. A guard reads the
/// segments; the gate applies the changes it asks for; the door sends what <see cref="ToUtf8"/> gives.
/// </summary>
/// <remarks>Immutable and safe for concurrent readers. What no change touched stays byte for byte.</remarks>
public abstract class CallContent
{
    /// <summary>Every segment, in document order. The span is valid as long as this instance.</summary>
    public abstract ReadOnlySpan<Segment> Segments { get; }

    /// <summary>The tools the document declares to the model, by name.</summary>
    public virtual ImmutableArray<string> DeclaredTools => [];

    /// <summary>The kinds of unread parts present (<c>image</c>, <c>audio</c>, <c>file</c>, …), distinct and sorted.</summary>
    public virtual ImmutableArray<string> UnreadKinds => [];

    /// <summary>The address of a segment: a JSON pointer (RFC 6901), with <c>#</c> before the pointer into a nested document.</summary>
    /// <param name="index">The segment, by <see cref="Segment.Index"/>.</param>
    public abstract string AddressOf(int index);

    /// <summary>The name of the member a segment is the value of, nearest first; empty when there is none. Context for recognisers.</summary>
    /// <param name="index">The segment, by <see cref="Segment.Index"/>.</param>
    public virtual ReadOnlyMemory<char> LabelOf(int index) => default;

    /// <summary>A content with the changes applied.</summary>
    /// <param name="changes">The changes; each segment at most once.</param>
    /// <exception cref="ArgumentException">A change names a segment that does not exist, cannot be changed, or is named twice.</exception>
    public abstract CallContent Apply(ImmutableArray<ContentChange> changes);

    /// <summary>The bytes as they go to the transport.</summary>
    public abstract ReadOnlyMemory<byte> ToUtf8();
}
