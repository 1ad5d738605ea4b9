namespace AgentGate.Kernel.Signing;

/// <summary>The signature algorithms of AgentGate. A key id is bound to one of them.</summary>
public enum SignatureAlgorithm
{
    /// <summary>Ed25519, RFC 8032: 32-byte public keys, 64-byte signatures. The default.</summary>
    Ed25519 = 1,

    /// <summary>
    /// ECDSA over NIST P-256 with SHA-256, FIPS 186-5: public keys are 65-byte uncompressed points (SEC 1, section 2.3.3),
    /// signatures 64 bytes <c>r ‖ s</c> (IEEE P1363). For sites that may use FIPS-approved algorithms only.
    /// </summary>
    EcdsaP256 = 2,
}
