using System.Collections.Immutable;
using AgentGate.Diagnostics;
using AgentGate.Kernel.Decisions;
using AgentGate.Kernel.Delegation;
using AgentGate.Pipeline;

namespace AgentGate.Delegation;

/// <summary>Every rule that a grant must keep when it is issued; the theorem holds the same again when it is used. Pure.</summary>
internal static class GrantChecks
{
    /// <summary>The longest a grant may last from now.</summary>
    public static readonly TimeSpan LifetimeMax = TimeSpan.FromDays(366);

    /// <summary>The most grants of a tenant that neither expired nor were revoked.</summary>
    public const int LiveMax = 10_000;

    /// <summary>
    /// More than twice what may be live: beyond this, what expired long ago is forgotten, and while nothing can be, nothing is issued. Who
    /// issues and revokes in a loop fills a tenant's list so far and no further.
    /// </summary>
    public const int KeptMax = (2 * LiveMax) + 5_000;

    private static readonly ImmutableHashSet<string> s_actions = [.. GateActions.All, .. GateActions.Effects];

    /// <summary>The grant a draft asks for, with texts in order and each once.</summary>
    public static Grant Grant(GrantDraft draft, Principal issuer, string id, DateTimeOffset now) => new()
    {
        Id = id,
        Tenant = issuer.Tenant,
        Principal = draft.Principal ?? issuer.Id,
        Delegate = draft.Delegate,
        Actions = Sorted(draft.Actions),
        ResourceScope = Sorted(draft.ResourceScope),
        Obligations = Sorted(draft.Obligations),
        Constraints = draft.Constraints with
        {
            Doors = draft.Constraints.Doors is { } doors ? Sorted(doors) : null,
            SourceNetworks = draft.Constraints.SourceNetworks is { } networks ? Sorted(networks) : null,
        },
        ParentId = draft.ParentId,
        IssuedAt = Whole(now),
        ExpiresAt = Whole(draft.ExpiresAt.ToUniversalTime()),
    };

    /// <summary>What is wrong with a grant by itself.</summary>
    public static GrantRefusal? Fault(Grant grant)
    {
        if (grant.ExpiresAt <= grant.IssuedAt || grant.ExpiresAt - grant.IssuedAt > LifetimeMax)
        {
            return Invalid("expires_at", $"`expires_at` lies in the future, at most {LifetimeMax.Days} days ahead.");
        }

        if (GrantRules.Fault(grant) is var (member, problem))
        {
            return Invalid(Wire(member), $"`{Wire(member)}` {problem}.");
        }

        if (grant.Actions is not ["*"] && grant.Actions.FirstOrDefault(action => !s_actions.Contains(action)) is { } unknown)
        {
            return Invalid("allowed_actions", $"`{unknown}` is no action; these are: {string.Join(", ", s_actions.Order(StringComparer.Ordinal))}, or `*` alone.");
        }

        return grant.Principal == grant.Delegate ? Invalid("delegate", "`delegate` is somebody else than `principal`.")
            : !Wildcard.IsComparable(grant.Principal) ? Ambiguous("principal")
            : !Wildcard.IsComparable(grant.Delegate) ? Ambiguous("delegate")
            : !grant.ResourceScope.All(Wildcard.IsComparable) ? Ambiguous("resource_scope")
            : null;
    }

    /// <summary>What is wrong with a grant as the tenant's grants are now.</summary>
    public static GrantRefusal? Fault(Grant grant, GrantSnapshot facts)
    {
        if (facts.Grants.Count(other => other.Grant.ExpiresAt > grant.IssuedAt && !facts.IsRevoked(other.Grant.Id)) >= LiveMax)
        {
            return new GrantRefusal(
                Codes.GrantsFull, GrantRefusalKind.Conflict, $"The tenant has {LiveMax} live grants, which is the most; revoke some, or let them expire.");
        }

        if (facts.GrantsSize >= KeptMax && !facts.Grants.Any(other => other.Grant.ExpiresAt < grant.IssuedAt - GrantAdministration.Remembered))
        {
            return new GrantRefusal(
                Codes.GrantsFull, GrantRefusalKind.Conflict, $"The tenant has issued {KeptMax} grants that are not forgotten yet, which is the most; revoked and expired ones count until 30 days after they expire.");
        }

        if (grant.ParentId is not { } parentId)
        {
            return null;
        }

        var above = GrantChain.Follow(parentId, facts);
        if (above.Reason is not null and not ChainReasons.Depth)
        {
            return new GrantRefusal(Codes.GrantNotFound, GrantRefusalKind.NotFound, "There is no grant of the id `parent_grant_id`, or it belongs to another tenant.")
            {
                Field = "parent_grant_id",
                Reason = ChainReasons.ParentMissing,
            };
        }

        if (above.Chain.Length >= GrantChain.MaxDepth)
        {
            return Conflict(ChainReasons.Depth, $"A chain has at most {GrantChain.MaxDepth} grants; this one would be longer.");
        }

        if (above.Chain.Any(one => facts.IsRevoked(one.Id)))
        {
            return Conflict(ChainReasons.ParentRevoked, "The parent, or a grant it rests on, was revoked.");
        }

        if (above.Chain.Any(one => one.ExpiresAt <= grant.IssuedAt))
        {
            return Conflict(ChainReasons.ParentExpired, "The parent, or a grant it rests on, has expired.");
        }

        return GrantNarrowing.Fault(grant, above.Chain[0]) is { } wider
            ? new GrantRefusal(Codes.GrantNotNarrower, GrantRefusalKind.Invalid, "A grant is narrower than its parent, never wider: see `field`.")
            {
                Field = FieldOf(wider),
                Reason = wider,
            }
            : null;
    }

    private static GrantRefusal Conflict(string reason, string detail)
        => new(Codes.GrantConflict, GrantRefusalKind.Conflict, detail) { Field = "parent_grant_id", Reason = reason };

    private static GrantRefusal Ambiguous(string field)
        => Invalid(field, $"`{field}` holds characters that can be spelled in more than one way; use names that have one spelling.");

    private static GrantRefusal Invalid(string field, string detail)
        => new(Codes.GrantInvalid, GrantRefusalKind.Invalid, detail) { Field = field };

    /// <summary>The names of the format as the request knows them.</summary>
    private static string Wire(string member) => member switch
    {
        "actions" => "allowed_actions",
        "parent_id" => "parent_grant_id",
        _ when member.StartsWith("constraints", StringComparison.Ordinal) => "context_" + member,
        _ => member,
    };

    private static string FieldOf(string reason) => reason switch
    {
        ChainReasons.DelegateMismatch => "principal",
        ChainReasons.ActionAttenuation => "allowed_actions",
        ChainReasons.ScopeAttenuation => "resource_scope",
        ChainReasons.ObligationAttenuation => "obligations",
        ChainReasons.ConstraintAttenuation => "context_constraints",
        ChainReasons.ExpiryAttenuation => "expires_at",
        _ => "parent_grant_id",
    };

    private static ImmutableArray<string> Sorted(IEnumerable<string> texts)
        => [.. texts.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    private static DateTimeOffset Whole(DateTimeOffset time) => new(time.Ticks - (time.Ticks % TimeSpan.TicksPerMillisecond), TimeSpan.Zero);
}
