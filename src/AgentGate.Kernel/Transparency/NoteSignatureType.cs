namespace AgentGate.Kernel.Transparency;

/// <summary>The kinds of signature a note may carry that are understood here (C2SP <c>signed-note</c>, "Signature types").</summary>
public enum NoteSignatureType
{
    /// <summary>0x01: Ed25519 over the note's text.</summary>
    Ed25519 = 0x01,

    /// <summary>
    /// 0x02: ECDSA over the note's text, DER-encoded, as <c>github.com/transparency-dev/formats</c> (<c>NewECDSAVerifier</c>) and
    /// Sigstore's logs have it. The key id is the hash of the key's SubjectPublicKeyInfo alone, without name and type.
    /// </summary>
    EcdsaP256 = 0x02,

    /// <summary>0x04: a witness's timestamped Ed25519 signature (C2SP <c>tlog-cosignature</c>, version 1).</summary>
    Cosignature = 0x04,
}
