using AgentGate.Kernel.Decisions;

namespace AgentGate.Server.Access;

/// <summary>Who sent a request, as its one credential and the server's records say. Immutable.</summary>
/// <param name="Principal">The principal.</param>
/// <param name="Kind">What the credential was.</param>
internal sealed record Caller(Principal Principal, CallerKind Kind)
{
    /// <summary>The sign-in session, for who signed in.</summary>
    public SignInFeature? SignIn { get; init; }
}

/// <summary>What a caller's credential was.</summary>
internal enum CallerKind
{
    /// <summary>An API key.</summary>
    Key,

    /// <summary>A key of a visitor of the playground.</summary>
    Visitor,

    /// <summary>An access token of a user.</summary>
    Token,

    /// <summary>The cookie of a user's browser.</summary>
    Cookie,
}

/// <summary>The sign-in session of a request.</summary>
/// <param name="SessionId">Its id.</param>
/// <param name="Assurance">1, 2 or 3: the published A1 to A3.</param>
/// <param name="AuthenticatedAt">When the user last proved itself in it.</param>
/// <param name="MustChangePassword">Whether the user may do nothing before a new password is set.</param>
/// <param name="HasSecondFactor">Whether the user enrolled a second factor.</param>
internal sealed record SignInFeature(string SessionId, int Assurance, DateTimeOffset AuthenticatedAt, bool MustChangePassword, bool HasSecondFactor)
{
    /// <summary>Whether the session is held to certain scopes, whatever its user may do.</summary>
    public bool IsHeldToScopes { get; init; }
}

/// <summary>Gives endpoints the caller.</summary>
internal static class CallerHttpContextExtensions
{
    public static void SetCaller(this HttpContext context, Caller caller)
    {
        context.Features.Set(caller);
        context.SetPrincipal(caller.Principal);
    }

    /// <summary>The caller. Throws where there is none: an endpoint that asks must not be anonymous.</summary>
    public static Caller GetCaller(this HttpContext context)
        => context.Features.Get<Caller>()
            ?? throw new InvalidOperationException("This endpoint needs an authenticated caller and was reached without one.");
}
