using AgentGate.Kernel.Signing;

namespace AgentGate.Pipeline;

/// <summary>
/// The keys this installation signs with: batches of certificates, checkpoints of its logs, grants. One key at a time signs; each
/// signature has a domain of its own. Thread-safe.
/// </summary>
internal interface ISigningKeys
{
    /// <summary>The key that signs now.</summary>
    SigningKey Current { get; }

    /// <summary>Every key that ever signed, the current one first: what the key set publishes.</summary>
    IReadOnlyList<VerificationKey> All { get; }

    /// <summary>The name of this installation: that of its checkpoint keys, and what its logs' origins begin with.</summary>
    string Name { get; }

    /// <summary>The public key of an id, also of one that signs no longer, or <see langword="null"/>.</summary>
    /// <param name="keyId">The id.</param>
    VerificationKey? Find(string keyId);
}
