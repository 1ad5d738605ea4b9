using AgentGate.Kernel.Decisions;

namespace AgentGate.Pipeline;

/// <summary>Whom agents belong to. Thread-safe. Throws when its store fails.</summary>
internal interface IAgentOwners
{
    /// <summary>The user who owns the key a principal acts with, or the principal; <see langword="null"/> where nobody does.</summary>
    ValueTask<string?> OwnerOfAsync(Principal principal, CancellationToken cancellationToken);
}
