using System.Collections.Immutable;
using AgentGate.Kernel.Decisions;

namespace AgentGate.Integration.Tests.Providers;

/// <summary>A content that lies: other bytes each time it is asked.</summary>
internal sealed class ChangingContent : CallContent
{
    private byte _next = (byte)'0';

    public override ReadOnlySpan<Segment> Segments => [];

    public override string AddressOf(int index) => throw new ArgumentOutOfRangeException(nameof(index));

    public override CallContent Apply(ImmutableArray<ContentChange> changes) => this;

    public override ReadOnlyMemory<byte> ToUtf8() => new[] { _next++ };
}
