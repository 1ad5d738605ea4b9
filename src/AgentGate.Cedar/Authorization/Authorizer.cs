using AgentGate.Cedar.Entities;
using AgentGate.Cedar.Syntax;

namespace AgentGate.Cedar.Authorization;

/// <summary>Answers requests from a policy set that is compiled and indexed once. Immutable, thread-safe.</summary>
/// <remarks>Default deny; forbid overrides permit; a policy that errs does not count and is reported.</remarks>
public sealed class Authorizer
{
    private Authorizer(PolicySet policies) => Policies = policies;

    /// <summary>The policies.</summary>
    public PolicySet Policies { get; }

    /// <summary>Compiles and indexes a set.</summary>
    public static Authorizer Create(PolicySet policies) => new(policies);

    /// <summary>An authorizer for a changed set; what both sets share is not compiled again.</summary>
    public Authorizer With(PolicySet policies) => ReferenceEquals(policies, Policies) ? this : new(policies);

    /// <summary>Answers one request.</summary>
    public AuthorizationResult Authorize(AuthorizationRequest request, EntityStore entities) => throw new NotImplementedException();
}
