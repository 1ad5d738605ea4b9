using AgentGate.Kernel.Certificates;
using AgentGate.Kernel.Delegation;

namespace AgentGate.Pipeline;

/// <summary>The grants and revocations a decision rests on, with what proves them. Pure and thread-safe.</summary>
internal static class ChainFacts
{
    /// <summary>Canonical JSON: an object with the bundle's members <c>grants</c> and <c>revocations</c>; empty without a delegation.</summary>
    /// <param name="delegationRef">The grant the caller acts under, if any.</param>
    /// <param name="grants">The grants the decision was made with.</param>
    /// <exception cref="InvalidOperationException">These grants cannot be proved to others.</exception>
    public static ReadOnlyMemory<byte> Write(string? delegationRef, IGrantFacts grants)
    {
        if (delegationRef is null)
        {
            return default;
        }

        var snapshot = grants as GrantSnapshot ?? throw new InvalidOperationException("These grants cannot be proved to others.");
        return (byte[])
        [
            .. "{\"grants\":"u8, .. BundleFacts.Grants(delegationRef, snapshot),
            .. ",\"revocations\":"u8, .. BundleFacts.Revocations(delegationRef, snapshot), .. "}"u8,
        ];
    }
}
