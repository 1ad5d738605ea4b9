using AgentGate.Diagnostics;
using AgentGate.Kernel.Decisions;
using AgentGate.Pipeline;

namespace AgentGate.Policies.Versions;

/// <content>What changes what is enforced.</content>
internal sealed partial class PolicyAdministration
{
    /// <summary>The door these calls come through.</summary>
    public const string Door = "api.policies";

    /// <summary>The most lines of history that are searched for the version to go back to.</summary>
    private const int HistoryMax = 1_000;

    /// <summary>Puts a version in force: a call that the gate decides and records, and that the policies in force must permit.</summary>
    /// <param name="principal">Who asks.</param>
    /// <param name="context">The attested context of the request.</param>
    /// <param name="number">The version, or <see cref="PolicyVersion.Configured"/>.</param>
    /// <param name="expectedActive">What the one who asks believes is in force.</param>
    /// <param name="force">Whether a set is taken under which the one who asks could not activate another.</param>
    /// <param name="cancellationToken">Cancels it, until the change is being made.</param>
    public Task<PolicyReply<int>> ActivateAsync(
        Principal principal, CallContext context, int number, int expectedActive, bool force, CancellationToken cancellationToken)
        => ActivateAsync(principal, context, number, expectedActive, force, isRollBack: false, cancellationToken);

    /// <summary>Puts back in force what was before the active version came into force for the first time.</summary>
    public async Task<PolicyReply<int>> RollBackAsync(
        Principal principal, CallContext context, int expectedActive, bool force, CancellationToken cancellationToken)
    {
        var history = await versions.HistoryAsync(principal.Tenant, long.MaxValue, HistoryMax, cancellationToken);
        var inForce = history.Where(entry => entry.Event is PolicyEvent.Activated or PolicyEvent.RolledBack).ToList();
        if (expectedActive == PolicyVersion.Configured || inForce.Count == 0)
        {
            return new PolicyRefusal(
                Codes.PolicyConflict, PolicyRefusalKind.Conflict, "The configured policies are in force; there is nothing to roll back to.");
        }

        // Not merely the last change: rolling back twice goes back twice and does not undo itself.
        var came = inForce.FindIndex(entry => entry.Number == expectedActive && entry.Event == PolicyEvent.Activated);
        var target = came < 0 || came + 1 >= inForce.Count ? PolicyVersion.Configured : inForce[came + 1].Number;
        return await ActivateAsync(principal, context, target, expectedActive, force, isRollBack: true, cancellationToken);
    }

    private async Task<PolicyReply<int>> ActivateAsync(
        Principal principal, CallContext context, int number, int expectedActive, bool force, bool isRollBack, CancellationToken cancellationToken)
    {
        var (policies, textHash, refusal) = await LoadAsync(principal.Tenant, number, cancellationToken);
        if (refusal is not null)
        {
            return refusal;
        }

        // What was in force before had its second person then, and going back must not wait for one.
        if (!isRollBack && number != PolicyVersion.Configured && await ownWork.RefusalAsync(principal, number, cancellationToken) is { } own)
        {
            return own;
        }

        var activation = new PolicyActivation(number, textHash, expectedActive, isRollBack);
        var call = new GateCall
        {
            Id = ids.NewId(),
            Door = Door,
            Principal = principal,
            Action = GateActions.ActivatePolicy,
            Resource = new EntityRef(EntityRef.PolicySetType, PolicyVersion.IdOf(number)),
            Context = context,
            Content = new ActivationContent(activation, policies!.Hash),

            // In clear in the log: which set was asked for.
            Targets = [new EffectTarget("policies", policies.Hash)],
        };
        if (!force && !ask.Permits(policies, call))
        {
            return new PolicyRefusal(
                Codes.PolicyLockOut,
                PolicyRefusalKind.Conflict,
                "Under these policies you could not activate another version. Permit yourself activatePolicy in them, or send \"force\": true.");
        }

        var effect = new ActivationEffect(callId => ApplyAsync(principal, policies, activation, callId));
        return await gate.RunAsync(call, effect, cancellationToken) switch
        {
            GateResult.Completed => new PolicyReply<int>.Done(number),
            _ when effect.Change is { } change and not PolicyChange.Done => Refuse(change, number),
            GateResult.Denied { Denial: var denial } => Denied(denial),
            GateResult.Failed { Denial: var denial } => Denied(denial),
            _ => throw new InvalidOperationException("An activation has no stream."),
        };
    }

    private static PolicyRefusal Denied(Denial denial) => new(denial.Code, PolicyRefusalKind.Denied, denial.Reason) { Denial = denial };

    private async Task<(ActivePolicies? Policies, string? TextHash, PolicyRefusal? Refusal)> LoadAsync(
        string tenant, int number, CancellationToken cancellationToken)
    {
        if (number == PolicyVersion.Configured)
        {
            return (registry.Configured, null, null);
        }

        if (await versions.FindAsync(tenant, number, cancellationToken) is not { } found)
        {
            return (null, null, NoSuchVersion(number));
        }

        if (PolicyCheck.HashOf(found.Text) != found.Version.Facts.TextHash)
        {
            return (null, null, new PolicyRefusal(
                Codes.PolicySetInvalid, PolicyRefusalKind.Invalid, $"The text of version {number} is not the one that was stored; make a new draft."));
        }

        var check = Check(found.Text);
        return check.IsValid
            ? (ActivePolicies.Of(found.Version.Id, check.Policies!, registry.Current(tenant)), found.Version.Facts.TextHash, null)
            : (null, null, Invalid(number, check));
    }

    /// <summary>The store first: what is not stored is not in force after a restart, so it must not be before.</summary>
    private async Task<PolicyChange> ApplyAsync(Principal principal, ActivePolicies policies, PolicyActivation activation, string callId)
    {
        using var turn = await registry.Turn.TakeAsync(CancellationToken.None);
        var change = await versions.ActivateAsync(principal.Tenant, activation, Act(principal, callId), CancellationToken.None);
        if (change == PolicyChange.Done)
        {
            // A shadow goes on being asked, unless it is what just came into force.
            var shadow = registry.Current(principal.Tenant).Shadow;
            registry.Set(principal.Tenant, policies with { Shadow = shadow?.Version == policies.Version ? null : shadow });
        }

        return change;
    }
}
