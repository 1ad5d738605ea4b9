namespace AgentGate.Kernel.Signing;

/// <summary>
/// What signatures of AgentGate begin with, so that a signature over one kind of statement never fits another. Each prefix
/// ends with a line feed and none begins another. Checkpoints and cosignatures have the forms of C2SP instead
/// (<c>signed-note</c>, <c>tlog-cosignature</c>): no checkpoint begins with one of these lines, because an origin that looks like one is
/// refused (<see cref="IsReserved"/>).
/// </summary>
public static class SigningDomains
{
    /// <summary>The signed batch of certificates.</summary>
    public static ReadOnlySpan<byte> CertificateBatch => "agentgate/certificate-batch/v1\n"u8;

    /// <summary>A delegation grant.</summary>
    public static ReadOnlySpan<byte> Grant => "agentgate/grant/v1\n"u8;

    /// <summary>The vote of a safety node.</summary>
    public static ReadOnlySpan<byte> Vote => "agentgate/vote/v1\n"u8;

    /// <summary>The statement by which one signing key names its successor.</summary>
    public static ReadOnlySpan<byte> KeyRotation => "agentgate/key-rotation/v1\n"u8;

    /// <summary>Whether a line could be taken for the first line of a signed statement: no log's origin may be one.</summary>
    /// <param name="line">The line, without its end.</param>
    /// <returns>Whether it is <c>cosignature/v</c> or <c>agentgate/name/v</c> and a number.</returns>
    public static bool IsReserved(ReadOnlySpan<char> line)
    {
        var version = line.LastIndexOf("/v", StringComparison.Ordinal);
        return version > 0 && version + 2 < line.Length && !line[(version + 2)..].ContainsAnyExceptInRange('0', '9')
            && (line[..version] is "cosignature" || line.StartsWith("agentgate/", StringComparison.Ordinal));
    }
}
