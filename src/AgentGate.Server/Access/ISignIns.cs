using System.Security.Claims;

namespace AgentGate.Server.Access;

/// <summary>Says whether who signed in to the pages is still signed in: a circuit outlives the request that opened it.</summary>
internal interface ISignIns
{
    bool IsGood(ClaimsPrincipal user);
}
