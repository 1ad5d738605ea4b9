using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json;
using AgentGate.Kernel.Decisions;

namespace AgentGate.Policies.Versions;

/// <summary>
/// What an activation is about, as the gate binds it to its permit: the version and the hashes of its text and set. No text
/// of a policy is in it, and no segment, so no guard can change what is activated.
/// </summary>
internal sealed class ActivationContent : CallContent
{
    private readonly ReadOnlyMemory<byte> _utf8;

    public ActivationContent(PolicyActivation activation, string setHash)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString("version", PolicyVersion.IdOf(activation.Number));
            writer.WriteString("in_place_of", PolicyVersion.IdOf(activation.ExpectedActive));
            writer.WriteString("set", setHash);
            writer.WriteString("text", activation.TextHash);
            writer.WriteEndObject();
        }

        _utf8 = buffer.WrittenMemory;
    }

    public override ReadOnlySpan<Segment> Segments => [];

    public override string AddressOf(int index) => throw new ArgumentOutOfRangeException(nameof(index));

    public override CallContent Apply(ImmutableArray<ContentChange> changes)
        => changes.IsDefaultOrEmpty ? this : throw new ArgumentException("What is activated cannot be changed.", nameof(changes));

    public override ReadOnlyMemory<byte> ToUtf8() => _utf8;
}
