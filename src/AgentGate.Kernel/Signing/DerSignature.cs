namespace AgentGate.Kernel.Signing;

/// <summary>
/// ECDSA signatures in DER: <c>SEQUENCE { INTEGER r, INTEGER s }</c> (RFC 3279, section 2.2.3; X.690, sections 8.3 and 10). The framework's
/// reader takes a negative integer for its magnitude, so that one signature would have several spellings; this one does not.
/// </summary>
internal static class DerSignature
{
    private const byte Sequence = 0x30;
    private const byte Integer = 0x02;
    private const int FieldLength = 32;

    /// <summary>Turns DER into <c>r ‖ s</c>, 64 bytes, if it is DER to the letter and both numbers fit.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> der, Span<byte> destination)
    {
        // Both numbers fit into 33 bytes each: the length is one byte, and a longer form would not be DER.
        if (der.Length < 2 || der[0] != Sequence || der[1] >= 0x80 || der[1] != der.Length - 2)
        {
            return false;
        }

        var rest = der[2..];
        return TryInteger(ref rest, destination[..FieldLength]) && TryInteger(ref rest, destination[FieldLength..(2 * FieldLength)]) && rest.IsEmpty;
    }

    private static bool TryInteger(ref ReadOnlySpan<byte> rest, Span<byte> destination)
    {
        if (rest.Length < 3 || rest[0] != Integer || rest[1] == 0 || rest[1] > FieldLength + 1 || rest.Length < 2 + rest[1])
        {
            return false;
        }

        var number = rest.Slice(2, rest[1]);
        rest = rest[(2 + number.Length)..];
        if ((number[0] & 0x80) != 0)
        {
            return false;
        }

        if (number[0] == 0 && number.Length > 1)
        {
            // A leading zero stands only where the number would be negative without it.
            number = number[1..];
            if ((number[0] & 0x80) == 0)
            {
                return false;
            }
        }

        if (number.Length > FieldLength)
        {
            return false;
        }

        destination.Clear();
        number.CopyTo(destination[(FieldLength - number.Length)..]);
        return true;
    }
}
