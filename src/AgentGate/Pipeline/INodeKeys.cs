using AgentGate.Kernel.Signing;

namespace AgentGate.Pipeline;

/// <summary>The public keys of the safety nodes whose votes count, for the published key set and for who verifies. Thread-safe.</summary>
internal interface INodeKeys
{
    /// <summary>Each key once.</summary>
    IEnumerable<VerificationKey> NodeKeys { get; }
}
