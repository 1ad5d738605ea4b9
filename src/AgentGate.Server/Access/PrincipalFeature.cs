using AgentGate.Kernel.Decisions;

namespace AgentGate.Server.Access;

/// <summary>Who the request's key stands for. Set by the authentication middleware, and by nothing else.</summary>
internal sealed record PrincipalFeature(Principal Principal);

/// <summary>Gives endpoints the authenticated principal.</summary>
internal static class PrincipalHttpContextExtensions
{
    public static void SetPrincipal(this HttpContext context, Principal principal)
        => context.Features.Set(new PrincipalFeature(principal));

    /// <summary>The authenticated principal. Throws where there is none: an endpoint that asks must not be anonymous.</summary>
    public static Principal GetPrincipal(this HttpContext context)
        => context.Features.Get<PrincipalFeature>()?.Principal
            ?? throw new InvalidOperationException("This endpoint needs an authenticated principal and was reached without one.");
}
