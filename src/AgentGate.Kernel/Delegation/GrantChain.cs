using AgentGate.Kernel.Admissibility;

namespace AgentGate.Kernel.Delegation;

/// <summary>Checks chains of grants. Pure and thread-safe.</summary>
public static class GrantChain
{
    /// <summary>The longest chain.</summary>
    public const int MaxDepth = 8;

    /// <summary>Follows the chain from α's delegation to its root, without judging it: for making α's questions.</summary>
    /// <param name="delegationRef">The leaf's id.</param>
    /// <param name="facts">The grants.</param>
    /// <returns>What was found, with the reason where the chain is broken or too long.</returns>
    public static ChainCheck Follow(string delegationRef, IGrantFacts facts) => throw new NotImplementedException();

    /// <summary>Checks the chain that α names against every rule of docs/formats/delegation.md.</summary>
    /// <param name="alpha">The request; it names a delegation.</param>
    /// <param name="facts">The grants.</param>
    public static ChainCheck Check(Alpha alpha, IGrantFacts facts) => throw new NotImplementedException();
}
