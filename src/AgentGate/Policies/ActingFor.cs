using System.Collections.Immutable;
using AgentGate.Kernel.Decisions;
using AgentGate.Kernel.Delegation;
using AgentGate.Pipeline;

namespace AgentGate.Policies;

/// <summary>Whose permits a call rests on, and against whom nothing may be forbidden. Immutable.</summary>
/// <param name="Permitted">Who must be permitted: the caller, or the root of the chain it acts under.</param>
/// <param name="Beside">The others of the chain, the caller among them; empty where the caller acts for itself.</param>
internal sealed record ActingFor(Principal Permitted, ImmutableArray<Principal> Beside)
{
    /// <summary>Follows the grant a call names to its root. A chain that is broken is followed as far as it goes; the theorem refuses it.</summary>
    /// <param name="call">The call.</param>
    /// <param name="grants">The grants in force.</param>
    public static ActingFor Of(GateCall call, IGrantFacts grants)
    {
        if (call.Context.DelegationRef is not { } leaf)
        {
            return new ActingFor(call.Principal, []);
        }

        var chain = GrantChain.Follow(leaf, grants).Chain;
        var names = chain.SelectMany(static grant => (string[])[grant.Delegate, grant.Principal]).Prepend(call.Principal.Id).Distinct(StringComparer.Ordinal);

        // Of others than the caller the server's key records say no roles: what a role permits is not delegated.
        ImmutableArray<Principal> all = [.. names.Select(id => id == call.Principal.Id ? call.Principal : new Principal { Id = id, Tenant = call.Principal.Tenant })];
        var permitted = chain.IsDefaultOrEmpty ? call.Principal : all.First(principal => principal.Id == chain[^1].Principal);
        return new ActingFor(permitted, all.Remove(permitted));
    }
}
