using AgentGate.Diagnostics;
using AgentGate.Kernel.Decisions;
using AgentGate.Kernel.Delegation;
using AgentGate.Pipeline;

namespace AgentGate.Delegation;

/// <summary>Issues and revokes grants. Both are calls that the gate decides and records, and that the policies in force must permit. Thread-safe.</summary>
internal sealed class GrantAdministration(
    IGrantStore store, GrantRegistry registry, Gate gate, IIdSource ids, TimeProvider time, ISigningKeys? keys = null, INameScreen? screen = null)
{
    /// <summary>The door these calls come through.</summary>
    public const string Door = "api.delegation";

    /// <summary>How long an expired grant is remembered, so that a call under it is told that it expired.</summary>
    public static readonly TimeSpan Remembered = TimeSpan.FromDays(30);

    private const int IdBytes = 16;

    /// <summary>Issues a grant.</summary>
    /// <param name="issuer">Who asks.</param>
    /// <param name="context">The attested context of the request.</param>
    /// <param name="draft">What is asked for.</param>
    /// <param name="cancellationToken">Cancels it, until the change is being made.</param>
    public async Task<GrantReply<SignedGrant>> IssueAsync(Principal issuer, CallContext context, GrantDraft draft, CancellationToken cancellationToken)
    {
        if (draft.Tenant is { } tenant && tenant != issuer.Tenant)
        {
            return new GrantRefusal(Codes.GrantNotFound, GrantRefusalKind.NotFound, "There is no such tenant for this key.")
            {
                Field = "tenant_id",
                Reason = ChainReasons.CrossTenant,
            };
        }

        if (keys is null)
        {
            return new GrantRefusal(Codes.GrantUnsigned, GrantRefusalKind.Unavailable, "This installation has no key to sign grants with.");
        }

        var grant = GrantChecks.Grant(draft, issuer, NewId(), time.GetUtcNow());
        if ((GrantChecks.Fault(grant) ?? NotOnRecord(grant) ?? GrantChecks.Fault(grant, registry.Current(issuer.Tenant))) is { } refusal)
        {
            return refusal;
        }

        SignedGrant? issued = null;
        var input = SignedGrant.SigningInput(grant);
        var refused = await RunAsync(issuer, context, GateActions.IssueGrant, grant, input, async callId =>
        {
            // Room is made before anything is stored: a grant that is stored is in force. And asked again, because things may have changed while it was decided.
            var facts = await ForgetAsync(grant.Tenant);
            if (GrantChecks.Fault(grant, facts) is { } late)
            {
                return late;
            }

            issued = SignedGrant.Sign(grant, keys.Current);
            await store.AddAsync(new StoredGrant(grant.Tenant, grant.Id, issued.Canonical, grant.ExpiresAt, issuer.Id, callId), CancellationToken.None);
            registry.Put(grant.Tenant, facts.With(issued));
            return null;
        }, cancellationToken);
        return refused is null ? new GrantReply<SignedGrant>.Done(issued!) : refused;
    }

    /// <summary>Revokes a grant, and with it every grant that rests on it: the next call is judged without them.</summary>
    /// <param name="issuer">Who asks.</param>
    /// <param name="context">The attested context of the request.</param>
    /// <param name="grantId">The grant.</param>
    /// <param name="reason">Why; no personal data.</param>
    /// <param name="cancellationToken">Cancels it, until the change is being made.</param>
    public async Task<GrantReply<RevokedGrant>> RevokeAsync(
        Principal issuer, CallContext context, string grantId, string reason, CancellationToken cancellationToken)
    {
        if (!GrantRevocation.IsReason(reason) || screen?.MayGoOnRecord(reason) == false)
        {
            return new GrantRefusal(
                Codes.GrantInvalid, GrantRefusalKind.Invalid, $"`reason` has 1 to {GrantRules.ReasonMax} characters and no personal data: proofs show it.")
            {
                Field = "reason",
            };
        }

        var facts = registry.Current(issuer.Tenant);
        if (!facts.TryGetGrant(grantId, out var grant))
        {
            return NoSuchGrant("grant_id");
        }

        if (facts.TryGetRevocation(grantId, out var known))
        {
            return new GrantReply<RevokedGrant>.Done(new RevokedGrant(known, 0));
        }

        var now = time.GetUtcNow();
        var revocation = new GrantRevocation(grantId, new DateTimeOffset(now.Ticks - (now.Ticks % TimeSpan.TicksPerMillisecond), TimeSpan.Zero), reason);
        var refused = await RunAsync(issuer, context, GateActions.RevokeGrant, grant, revocation.ToCanonical(), async callId =>
            await store.RevokeAsync(new StoredRevocation(issuer.Tenant, revocation, issuer.Id, callId), CancellationToken.None)
                ? Publish(issuer.Tenant, revocation) : NoSuchGrant("grant_id"), cancellationToken);
        return refused is null ? new GrantReply<RevokedGrant>.Done(new RevokedGrant(revocation, GrantDescent.LiveUnder(grantId, facts, now))) : refused;
    }

    /// <summary>The refusal of a grant nobody of this tenant knows; the same for another tenant's.</summary>
    public static GrantRefusal NoSuchGrant(string field)
        => new(Codes.GrantNotFound, GrantRefusalKind.NotFound, "There is no grant of this id, or it belongs to another tenant.") { Field = field };

    private GrantRefusal? Publish(string tenant, GrantRevocation revocation)
    {
        registry.Put(tenant, registry.Current(tenant).With(revocation));
        return null;
    }

    private async Task<GrantRefusal?> RunAsync(
        Principal issuer, CallContext context, string action, Grant grant, byte[] content, Func<string, Task<GrantRefusal?>> apply, CancellationToken cancellationToken)
    {
        var call = new GateCall
        {
            Id = ids.NewId(),
            Door = Door,
            Principal = issuer,
            Action = action,

            // Whose authority is passed on or taken back: what a policy can ask about.
            Resource = new EntityRef(EntityRef.GrantType, grant.Principal),
            Context = context,
            Content = new GrantContent(content),

            // In clear in the log: which grant.
            Targets = [new EffectTarget("delegation", grant.Id)],
        };
        var effect = new GrantEffect(async callId =>
        {
            // One change of what is in force at a time, so that this process follows the store in the store's order.
            using var turn = await registry.Turn.TakeAsync(CancellationToken.None);
            return await apply(callId);
        });
        return await gate.RunAsync(call, effect, cancellationToken) switch
        {
            GateResult.Completed => null,
            _ when effect.Refusal is { } refusal => refusal,
            GateResult.Denied { Denial: var denial } => Denied(denial),
            GateResult.Failed { Denial: var denial } => Denied(denial),
            _ => throw new InvalidOperationException("A grant has no stream."),
        };
    }

    private static GrantRefusal Denied(Denial denial) => new(denial.Code, GrantRefusalKind.Denied, denial.Reason) { Denial = denial };

    /// <summary>Principals stand in the log as they are.</summary>
    private GrantRefusal? NotOnRecord(Grant grant)
        => screen is null || (screen.MayGoOnRecord(grant.Principal) && screen.MayGoOnRecord(grant.Delegate))
            ? null
            : new GrantRefusal(
                Codes.NameHoldsValues, GrantRefusalKind.Invalid, "Principals are pseudonymous ids; this one reads as personal data.")
            {
                Field = screen.MayGoOnRecord(grant.Principal) ? "delegate" : "principal",
            };

    /// <summary>The tenant's grants, without those that expired long ago where there are many.</summary>
    private async Task<GrantSnapshot> ForgetAsync(string tenant)
    {
        var facts = registry.Current(tenant);
        var before = time.GetUtcNow() - Remembered;
        if (facts.GrantsSize < GrantChecks.KeptMax
            || facts.Grants.Where(one => one.Grant.ExpiresAt < before).Select(one => one.Grant.Id).ToHashSet(StringComparer.Ordinal) is not { Count: > 0 } gone)
        {
            return facts;
        }

        await store.ForgetAsync(tenant, before, CancellationToken.None);
        registry.Put(tenant, facts = facts.Without(gone));
        return facts;
    }

    private string NewId()
    {
        Span<byte> random = stackalloc byte[IdBytes];
        ids.Fill(random);
        return "g_" + Convert.ToHexStringLower(random);
    }
}
