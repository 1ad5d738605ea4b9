using AgentGate.Diagnostics;
using AgentGate.Kernel.Decisions;
using AgentGate.Server.Access;

namespace AgentGate.Server.Hosting;

/// <summary>Whether a known caller may use an endpoint, by what the endpoint says of itself. The one place that decides.</summary>
internal static class AccessRules
{
    /// <summary>Why not, or <see langword="null"/>.</summary>
    public static Denial? Refusal(Endpoint endpoint, Caller caller, DateTimeOffset now)
    {
        var signIn = caller.SignIn;
        if (signIn is { MustChangePassword: true } && endpoint.Metadata.GetMetadata<OpenBeforePasswordChange>() is null)
        {
            return new Denial(Codes.PasswordChangeNeeded, "The password has to be changed first: POST /api/auth/password.", DenialKind.Forbidden);
        }

        if (signIn is null && endpoint.Metadata.GetMetadata<CallerRequirement>() is { UserOnly: true })
        {
            return new Denial(Codes.UserNeeded, "This is for a user who is signed in; a key is not enough. POST /api/auth/login gives an access token.", DenialKind.Forbidden);
        }

        if (signIn is { IsHeldToScopes: true } && endpoint.Metadata.GetMetadata<WholeSessionRequirement>() is not null)
        {
            return new Denial(
                Codes.SessionHeldToLess, "This session is held to certain scopes, and what one signs in with is not made or changed in it. Sign in without a bound.", DenialKind.Forbidden);
        }

        if (endpoint.Metadata.GetMetadata<ScopeRequirement>() is { Scope: var scope } && !caller.Principal.Scopes.Contains(scope))
        {
            return new Denial(
                Codes.KeyScopeMissing, signIn is null ? $"The key does not carry the scope \"{scope}\"." : $"The user's role does not carry \"{scope}\".", DenialKind.Forbidden);
        }

        if (caller.Principal.Tenant != Tenants.Default && endpoint.Metadata.GetMetadata<OperatorRequirement>() is not null)
        {
            return new Denial(Codes.OperatorOnly, "This tells of every tenant of the server, so only callers of its operator's tenant may ask.", DenialKind.Forbidden);
        }

        return endpoint.Metadata.GetMetadata<StepUpRequirement>() is { } stepUp ? StepUp(stepUp, signIn, now) : null;
    }

    private static Denial? StepUp(StepUpRequirement required, SignInFeature? signIn, DateTimeOffset now)
    {
        if (signIn is null)
        {
            return required.KeysPass ? null : new Denial(Codes.UserNeeded, "This is for a user who proved itself just now; a key proves nothing of the kind.", DenialKind.Forbidden);
        }

        var recent = now - signIn.AuthenticatedAt <= required.MaxAge;
        var enough = signIn.Assurance >= required.Level || (required.WhereEnrolled && !signIn.HasSecondFactor);
        return recent && enough
            ? null
            : new Denial(
                Codes.StepUpNeeded,
                $"Prove yourself again ({(enough ? "sign in" : "with a second factor")}, at most {(int)required.MaxAge.TotalMinutes} minutes ago): POST /api/auth/step-up.",
                DenialKind.Unauthenticated);
    }
}
