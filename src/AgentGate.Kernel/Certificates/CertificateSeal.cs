using System.Collections.Immutable;

namespace AgentGate.Kernel.Certificates;

/// <summary>What a certificate gets from the batch it was committed with: signature, and place in the log. Immutable.</summary>
/// <param name="KeyId">The signing key.</param>
/// <param name="Algorithm"><c>Ed25519</c> or <c>ES256</c>.</param>
/// <param name="BatchSize">How many certificates share the signature.</param>
/// <param name="Index">The certificate's place among them, from 0.</param>
/// <param name="Path">The inclusion proof, 32 bytes each (RFC 9162 §2.1.3.1).</param>
/// <param name="Value">The signature.</param>
/// <param name="Origin">The log's origin.</param>
/// <param name="LogIndex">The leaf's index in it, from 0.</param>
public sealed record CertificateSeal(
    string KeyId,
    string Algorithm,
    int BatchSize,
    int Index,
    ImmutableArray<ReadOnlyMemory<byte>> Path,
    ReadOnlyMemory<byte> Value,
    string Origin,
    long LogIndex);
