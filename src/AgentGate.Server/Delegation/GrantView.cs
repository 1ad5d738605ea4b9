using AgentGate.Client.Delegation;
using AgentGate.Delegation;
using AgentGate.Kernel.Delegation;

namespace AgentGate.Server.Delegation;

/// <summary>Grants as the API shows them.</summary>
internal static class GrantView
{
    public static GrantEntry Entry(SignedGrant signedGrant, GrantSnapshot facts, DateTimeOffset now)
    {
        var grant = signedGrant.Grant;
        var reason = GrantDescent.WhyNot(grant, facts, now);
        return new GrantEntry
        {
            GrantId = grant.Id,
            TenantId = grant.Tenant,
            Principal = grant.Principal,
            Delegate = grant.Delegate,
            AllowedActions = grant.Actions,
            ResourceScope = grant.ResourceScope,
            Obligations = grant.Obligations,
            ContextConstraints = new GrantConstraintEntry
            {
                Doors = grant.Constraints.Doors, SourceNetworks = grant.Constraints.SourceNetworks, ByModel = grant.Constraints.ByModel,
            },
            ParentGrantId = grant.ParentId,
            IssuedAt = grant.IssuedAt,
            ExpiresAt = grant.ExpiresAt,
            Active = reason is null,
            Reason = reason,
            KeyId = signedGrant.KeyId,
            Signature = Convert.ToBase64String(signedGrant.Signature.Span),
        };
    }

    public static GrantRevocationEntry Entry(GrantRevocation revocation) => new(revocation.GrantId, revocation.At, revocation.Reason);

    public static GrantDraft Draft(GrantIssueRequest body) => new()
    {
        Principal = body.Principal,
        Delegate = body.Delegate ?? throw GrantProblem.Invalid("delegate", "Name who may act."),
        Tenant = body.TenantId,
        Actions = Texts("allowed_actions", body.AllowedActions) ?? throw GrantProblem.Invalid("allowed_actions", "Name at least one action, or `*`."),
        ResourceScope = Texts("resource_scope", body.ResourceScope) ?? throw GrantProblem.Invalid("resource_scope", "Name at least one scope, like `Tool:crm/*`, or `*`."),
        Obligations = Texts("obligations", body.Obligations) ?? [],
        Constraints = body.ContextConstraints is not { } constraints ? GrantConstraints.None : new GrantConstraints
        {
            Doors = Texts("context_constraints.doors", constraints.Doors) is { } doors ? [.. doors] : null,
            SourceNetworks = Texts("context_constraints.source_networks", constraints.SourceNetworks) is { } networks ? [.. networks] : null,
            ByModel = constraints.ByModel,
        },
        ParentId = body.ParentGrantId,
        ExpiresAt = body.ExpiresAt ?? throw GrantProblem.Invalid("expires_at", "Say until when, at most a year ahead."),
    };

    private static IReadOnlyList<string>? Texts(string field, IReadOnlyList<string>? texts)
        => texts?.Any(static text => text is null) == true ? throw GrantProblem.Invalid(field, $"`{field}` holds texts.") : texts;
}
