namespace AgentGate.Pipeline;

/// <summary>The random parts of α, as docs/formats/certificate.md measures them.</summary>
internal static class DecisionRandom
{
    /// <summary>How many bytes a nonce has.</summary>
    public const int NonceBytes = 16;

    /// <summary>How many bytes α's salt has.</summary>
    public const int SaltBytes = 32;

    /// <summary>Random bytes in lower-case hex.</summary>
    public static string Hex(this IIdSource ids, int count)
    {
        Span<byte> bytes = stackalloc byte[count];
        ids.Fill(bytes);
        return Convert.ToHexStringLower(bytes);
    }
}
