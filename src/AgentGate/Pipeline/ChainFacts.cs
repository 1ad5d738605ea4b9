using AgentGate.Kernel.Certificates;
using AgentGate.Kernel.Delegation;

namespace AgentGate.Pipeline;

/// <summary>The grants and revocations that a decision under a delegation rests on, as a bundle holds them. Pure.</summary>
internal static class ChainFacts
{
    /// <summary>Canonical JSON: an object with the bundle's members <c>grants</c> and <c>revocations</c>; empty without a delegation.</summary>
    /// <param name="delegationRef">The grant that α names, if any.</param>
    /// <param name="facts">The grants in force.</param>
    public static ReadOnlyMemory<byte> Of(string? delegationRef, IGrantFacts facts)
    {
        if (delegationRef is null)
        {
            return default;
        }

        var snapshot = facts as GrantSnapshot ?? throw new InvalidOperationException("These grants cannot be proved to others.");
        return (byte[])
        [
            .. "{\"grants\":"u8, .. BundleFacts.Grants(delegationRef, snapshot), .. ",\"revocations\":"u8, .. BundleFacts.Revocations(delegationRef, snapshot), .. "}"u8,
        ];
    }
}
