using AgentGate.Kernel.Delegation;

namespace AgentGate.Pipeline;

/// <summary>The grants and revocations in force. Thread-safe; what is revoked counts from the next call on.</summary>
internal interface IGrantKnowledge
{
    /// <summary>A tenant's grants and revocations now.</summary>
    IGrantFacts Current(string tenant);
}
