using System.Collections.Immutable;
using AgentGate.Kernel.Decisions;

namespace AgentGate.Content;

/// <summary>A content without anything in it: the body of a GET, the answer of a release.</summary>
internal sealed class EmptyContent : CallContent
{
    private EmptyContent()
    {
    }

    /// <summary>The only instance.</summary>
    public static EmptyContent Instance { get; } = new();

    public override ReadOnlySpan<Segment> Segments => [];

    public override string AddressOf(int index) => throw new ArgumentOutOfRangeException(nameof(index));

    public override CallContent Apply(ImmutableArray<ContentChange> changes)
        => changes.IsDefaultOrEmpty ? this : throw new ArgumentException("There is nothing to change.", nameof(changes));

    public override ReadOnlyMemory<byte> ToUtf8() => default;
}
