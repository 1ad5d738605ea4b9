using System.Security.Claims;

namespace AgentGate.Server.Access;

/// <summary>Says whether who signed in to the pages is still signed in: a circuit outlives the request that opened it.</summary>
internal interface ISignIns
{
    /// <summary>Whether the sign-in session of a circuit is still good.</summary>
    ValueTask<bool> IsGoodAsync(ClaimsPrincipal user, CancellationToken cancellationToken);
}
