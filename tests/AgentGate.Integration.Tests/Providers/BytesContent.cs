using System.Collections.Immutable;
using AgentGate.Kernel.Decisions;

namespace AgentGate.Integration.Tests.Providers;

/// <summary>A content without segments.</summary>
internal sealed class BytesContent(byte[] bytes) : CallContent
{
    public override ReadOnlySpan<Segment> Segments => [];

    public override string AddressOf(int index) => throw new ArgumentOutOfRangeException(nameof(index));

    public override CallContent Apply(ImmutableArray<ContentChange> changes) => this;

    public override ReadOnlyMemory<byte> ToUtf8() => bytes;
}
