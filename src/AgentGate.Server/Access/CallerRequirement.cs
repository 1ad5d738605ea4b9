namespace AgentGate.Server.Access;

/// <summary>Endpoint metadata: whoever is authenticated may ask, whatever the scopes; of what it shows or changes, only what is the caller's own. Read by the authentication middleware.</summary>
/// <param name="UserOnly">Whether a user has to be signed in; a key is not enough.</param>
internal sealed record CallerRequirement(bool UserOnly);

/// <summary>
/// Endpoint metadata: beside its scope the endpoint demands that the user proved itself in this way and not long ago (RFC 9470). Keys
/// prove nothing of the kind and are refused, except where <see cref="KeysPass"/> says otherwise.
/// </summary>
/// <param name="Level">1, 2 or 3: the published A1 to A3. Whoever has no second factor passes with a fresh password, see <see cref="WhereEnrolled"/>.</param>
/// <param name="MaxAge">How long ago it may have been.</param>
internal sealed record StepUpRequirement(int Level, TimeSpan MaxAge)
{
    /// <summary>How long a proof is good for dangerous acts.</summary>
    public static readonly TimeSpan Recently = TimeSpan.FromMinutes(10);

    /// <summary>Whether the level is asked only of users who enrolled a factor of it; the others have to have signed in recently all the same.</summary>
    public bool WhereEnrolled { get; init; }

    /// <summary>Whether a key that carries the scope passes: the one who made it proved itself then, and it does this act and nothing for a person (ADR 0037).</summary>
    public bool KeysPass { get; init; }
}

/// <summary>Endpoint metadata: also for users who have to change their password first.</summary>
internal sealed record OpenBeforePasswordChange;

/// <summary>
/// Endpoint metadata: not for sessions that are held to certain scopes. What they made, a passkey, a password, a key, would open sessions that are
/// held to nothing.
/// </summary>
internal sealed record WholeSessionRequirement;

/// <summary>Declares what kind of caller an endpoint is for.</summary>
internal static class CallerRequirementExtensions
{
    /// <summary>Whoever is authenticated.</summary>
    public static TBuilder RequireCaller<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder
        => builder.WithMetadata(new CallerRequirement(UserOnly: false));

    /// <summary>A user who is signed in.</summary>
    public static TBuilder RequireUser<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder
        => builder.WithMetadata(new CallerRequirement(UserOnly: true));

    /// <summary>A proof of the user, not long ago. Beside a scope or <see cref="RequireUser"/>.</summary>
    public static TBuilder RequireStepUp<TBuilder>(this TBuilder builder, int level = 2)
        where TBuilder : IEndpointConventionBuilder
        => builder.WithMetadata(new StepUpRequirement(level, StepUpRequirement.Recently) { WhereEnrolled = true });

    /// <summary>
    /// A proof of the user, not long ago, where a user asks. A key that carries the scope passes without one: it cannot prove itself, and what
    /// is automated by the published API goes on. Not for what cannot be undone.
    /// </summary>
    public static TBuilder RequireStepUpOfUsers<TBuilder>(this TBuilder builder, int level = 2)
        where TBuilder : IEndpointConventionBuilder
        => builder.WithMetadata(new StepUpRequirement(level, StepUpRequirement.Recently) { WhereEnrolled = true, KeysPass = true });

    /// <summary>Not for sessions that are held to certain scopes: it makes or changes what one signs in with.</summary>
    public static TBuilder RequireWholeSession<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder
        => builder.WithMetadata(new WholeSessionRequirement());

    /// <summary>Also for users who have to change their password first.</summary>
    public static TBuilder AllowBeforePasswordChange<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder
        => builder.WithMetadata(new OpenBeforePasswordChange());
}
