namespace AgentGate.Kernel.Certificates;

/// <summary>Certificates as JSON (docs/formats/certificate.md). Pure and thread-safe.</summary>
public static class CertificateJson
{
    /// <summary>The whole certificate: the body with signature, key and place in the log.</summary>
    /// <param name="body">The body's canonical bytes.</param>
    /// <param name="seal">What its batch gave it.</param>
    /// <returns>Canonical JSON.</returns>
    public static byte[] Write(ReadOnlySpan<byte> body, CertificateSeal seal) => throw new NotImplementedException();
}
