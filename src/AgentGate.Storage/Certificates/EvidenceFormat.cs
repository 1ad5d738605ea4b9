using System.Buffers;
using System.Buffers.Binary;
using AgentGate.Pipeline;

namespace AgentGate.Storage.Certificates;

/// <summary>What is encrypted of a decision: the length of α in 4 bytes, big-endian, α, and the facts. Pure.</summary>
internal static class EvidenceFormat
{
    public static void Write(IBufferWriter<byte> output, DecisionEvidence evidence)
    {
        BinaryPrimitives.WriteInt32BigEndian(output.GetSpan(4), evidence.Alpha.Length);
        output.Advance(4);
        output.Write(evidence.Alpha.Span);
        output.Write(evidence.Facts.Span);
    }

    public static (ReadOnlyMemory<byte> Alpha, ReadOnlyMemory<byte> Facts) Read(byte[] plain)
    {
        var length = BinaryPrimitives.ReadInt32BigEndian(plain);
        return (plain.AsMemory(4, length), plain.AsMemory(4 + length));
    }
}
