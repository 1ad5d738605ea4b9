using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using AgentGate.Kernel.Signing;

namespace AgentGate.Kernel.Transparency;

/// <summary>
/// A witness's timestamped signature (C2SP <c>tlog-cosignature</c>, version 1, Ed25519): 8 bytes of POSIX time, big-endian, and 64 bytes
/// over <c>cosignature/v1 LF time N LF</c> and the checkpoint's text.
/// </summary>
internal static class Cosignature
{
    public const int Length = sizeof(ulong) + VerificationKey.SignatureLength;

    private static readonly long LatestTime = DateTimeOffset.MaxValue.ToUnixTimeSeconds();

    public static byte[] Sign(SigningKey key, ReadOnlySpan<byte> text, DateTimeOffset at)
    {
        var time = at.ToUnixTimeSeconds();
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(time, nameof(at));
        var bytes = new byte[Length];
        BinaryPrimitives.WriteInt64BigEndian(bytes, time);
        key.Sign(Header(time), text).CopyTo(bytes, sizeof(ulong));
        return bytes;
    }

    public static bool Verify(VerificationKey key, ReadOnlySpan<byte> text, ReadOnlySpan<byte> cosignature, out DateTimeOffset at)
    {
        at = default;
        if (cosignature.Length != Length || BinaryPrimitives.ReadInt64BigEndian(cosignature) is not (var time and > 0) || time > LatestTime)
        {
            return false;
        }

        at = DateTimeOffset.FromUnixTimeSeconds(time);
        return key.Verify(Header(time), text, cosignature[sizeof(ulong)..]);
    }

    private static byte[] Header(long time) => Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"cosignature/v1\ntime {time}\n"));
}
