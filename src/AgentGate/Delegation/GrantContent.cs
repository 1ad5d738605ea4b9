using System.Collections.Immutable;
using AgentGate.Kernel.Decisions;

namespace AgentGate.Delegation;

/// <summary>
/// What issuing or revoking is about, as the gate binds it to its permit: the very bytes that will be signed or stored. There is
/// no segment, so no guard can change what is granted.
/// </summary>
internal sealed class GrantContent(ReadOnlyMemory<byte> utf8) : CallContent
{
    public override ReadOnlySpan<Segment> Segments => [];

    public override string AddressOf(int index) => throw new ArgumentOutOfRangeException(nameof(index));

    public override CallContent Apply(ImmutableArray<ContentChange> changes)
        => changes.IsDefaultOrEmpty ? this : throw new ArgumentException("What is granted cannot be changed.", nameof(changes));

    public override ReadOnlyMemory<byte> ToUtf8() => utf8;
}
