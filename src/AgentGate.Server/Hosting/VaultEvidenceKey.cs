using System.Security.Cryptography;
using AgentGate.Certificates;
using AgentGate.Pii.Vault;

namespace AgentGate.Server.Hosting;

/// <summary>The master key of evidence: derived from the vault's (HKDF-SHA-256, RFC 5869), so that an operator keeps one secret.</summary>
internal sealed class VaultEvidenceKey(IMasterKeySource vault) : IEvidenceMasterKey
{
    private readonly Lazy<ReadOnlyMemory<byte>> _key = new(() => HKDF.DeriveKey(
        HashAlgorithmName.SHA256, vault.MasterKey.ToArray(), 32, info: "agentgate evidence master v1"u8.ToArray()));

    public ReadOnlyMemory<byte> Key => _key.Value;
}
