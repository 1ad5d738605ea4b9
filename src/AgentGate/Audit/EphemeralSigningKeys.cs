using AgentGate.Kernel.Signing;
using AgentGate.Pipeline;

namespace AgentGate.Audit;

/// <summary>One key that lives as long as the process: for certificates that nobody checks after it. Thread-safe.</summary>
internal sealed class EphemeralSigningKeys(IIdSource ids, SignatureAlgorithm algorithm = SignatureAlgorithm.Ed25519) : ISigningKeys, IDisposable
{
    // Made with the first certificate: an application that signs nothing touches no key.
    private readonly Lazy<SigningKey> _key = new(() => SigningSecret.Fresh(algorithm, ids).Key);

    public SigningKey Current => _key.Value;

    public IReadOnlyList<VerificationKey> All => [Current.PublicKey];

    public string Name => "agentgate-process";

    public VerificationKey? Find(string keyId) => string.Equals(keyId, Current.Id, StringComparison.Ordinal) ? Current.PublicKey : null;

    public void Dispose()
    {
        if (_key.IsValueCreated)
        {
            _key.Value.Dispose();
        }
    }
}
