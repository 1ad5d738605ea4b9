using System.Text;
using AgentGate.Diagnostics;
using AgentGate.Kernel.Decisions;
using AgentGate.Pipeline;

namespace AgentGate.Policies.Versions;

/// <summary>
/// What people do with policy sets: draft, check, watch, activate, roll back. Drafts change nothing; whatever changes what
/// is enforced goes through the gate. Thread-safe.
/// </summary>
internal sealed partial class PolicyAdministration(
    IPolicyVersions versions, PolicyRegistry registry, Gate gate, IPolicyAsk ask, OwnWork ownWork, IIdSource ids, TimeProvider time, ApprovalsInstalled? approvals = null)
{
    /// <summary>The most characters of a note.</summary>
    public const int NoteMax = 500;

    /// <summary>Checks a text as activating it would.</summary>
    public PolicyCheck Check(string text) => PolicyCheck.Of(text, approvals is not null);

    /// <summary>Stores a new draft. It may be wrong: checking says so, activating refuses it.</summary>
    public async Task<PolicyReply<PolicyDocument>> CreateAsync(Principal principal, string text, string note, CancellationToken cancellationToken)
    {
        if (Unfit(text, note) is { } unfit)
        {
            return unfit;
        }

        var facts = Check(text).ToFacts(text, note);
        return await versions.AddAsync(principal.Tenant, text, facts, Act(principal), cancellationToken) is { } added
            ? new PolicyReply<PolicyDocument>.Done(new PolicyDocument(added, text))
            : new PolicyRefusal(
                Codes.PolicyRequestInvalid, PolicyRefusalKind.Conflict, "The tenant has as many drafts as it may have; delete one that nobody needs.");
    }

    /// <summary>Replaces the text of a draft.</summary>
    /// <param name="principal">Who.</param>
    /// <param name="number">The draft.</param>
    /// <param name="revision">The revision the change was made from.</param>
    /// <param name="text">The new text.</param>
    /// <param name="note">The new note.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    public async Task<PolicyReply<PolicyDocument>> UpdateAsync(
        Principal principal, int number, int revision, string text, string note, CancellationToken cancellationToken)
    {
        if (Unfit(text, note) is { } unfit)
        {
            return unfit;
        }

        var facts = Check(text).ToFacts(text, note);
        var change = await versions.UpdateAsync(principal.Tenant, number, revision, text, facts, Act(principal), cancellationToken);
        return change == PolicyChange.Done ? await ShowAsync(principal.Tenant, number, cancellationToken) : Refuse(change, number);
    }

    /// <summary>Deletes a draft. Its number is not used again.</summary>
    public async Task<PolicyReply<int>> DeleteAsync(Principal principal, int number, CancellationToken cancellationToken)
    {
        var change = await versions.DeleteAsync(principal.Tenant, number, Act(principal), cancellationToken);
        return change == PolicyChange.Done ? new PolicyReply<int>.Done(number) : Refuse(change, number);
    }

    /// <summary>Checks a version against the published schema as it is now.</summary>
    public async Task<PolicyReply<PolicyCheck>> CheckAsync(string tenant, int number, CancellationToken cancellationToken)
        => await versions.FindAsync(tenant, number, cancellationToken) is { } found
            ? new PolicyReply<PolicyCheck>.Done(Check(found.Text))
            : NoSuchVersion(number);

    /// <summary>Has a draft asked beside the active version; what it answers is recorded and not enforced.</summary>
    /// <param name="principal">Who.</param>
    /// <param name="number">The draft, or <see cref="PolicyVersion.Configured"/> to end the shadow.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    public async Task<PolicyReply<int>> ShadowAsync(Principal principal, int number, CancellationToken cancellationToken)
    {
        ActivePolicies? shadow = null;
        if (number != PolicyVersion.Configured)
        {
            if (await versions.FindAsync(principal.Tenant, number, cancellationToken) is not { } found)
            {
                return NoSuchVersion(number);
            }

            var check = Check(found.Text);
            if (!check.IsValid)
            {
                return Invalid(number, check);
            }

            shadow = ActivePolicies.Of(found.Version.Id, check.Policies!, registry.Current(principal.Tenant));
        }

        using var turn = await registry.Turn.TakeAsync(cancellationToken);
        var change = await versions.ShadowAsync(principal.Tenant, number, Act(principal), CancellationToken.None);
        if (change != PolicyChange.Done)
        {
            return Refuse(change, number);
        }

        registry.SetShadow(principal.Tenant, shadow);
        return new PolicyReply<int>.Done(number);
    }

    private static PolicyRefusal? Unfit(string text, string note)
        => Encoding.UTF8.GetByteCount(text) > PolicyCheck.BytesMax
            ? new PolicyRefusal(Codes.PolicyRequestInvalid, PolicyRefusalKind.Invalid, "The policies have more than 1 MiB; a set that large cannot be reviewed.")
            : text.Any(static c => char.IsControl(c) && c is not ('\t' or '\r' or '\n'))
            ? new PolicyRefusal(Codes.PolicyRequestInvalid, PolicyRefusalKind.Invalid, "The policies hold a control character; write it as an escape in a string, and leave it out elsewhere.")
            : note.Length > NoteMax || note.Any(char.IsControl)
            ? new PolicyRefusal(Codes.PolicyRequestInvalid, PolicyRefusalKind.Invalid, $"A note has at most {NoteMax} characters on one line.")
            : null;

    private static PolicyRefusal NoSuchVersion(int number)
        => new(Codes.PolicyVersionNotFound, PolicyRefusalKind.NotFound, $"There is no version {number} of the policies, or it belongs to another tenant.");

    private static PolicyRefusal Invalid(int number, PolicyCheck check)
        => new(Codes.PolicySetInvalid, PolicyRefusalKind.Invalid, $"Version {number} has {check.Errors} error(s) and can judge nothing; correct them in a draft.")
        {
            Findings = check.Findings,
        };

    private static PolicyRefusal Refuse(PolicyChange change, int number) => change switch
    {
        PolicyChange.NotFound => NoSuchVersion(number),
        PolicyChange.NotPossible => new PolicyRefusal(
            Codes.PolicyVersionFrozen, PolicyRefusalKind.Conflict, $"Version {number} is not a draft, so it cannot be changed like this; make a new draft from its text."),
        _ => new PolicyRefusal(
            Codes.PolicyConflict, PolicyRefusalKind.Conflict, "Somebody else changed the policies meanwhile; read them again and decide anew."),
    };

    private PolicyAct Act(Principal principal, string? callId = null) => new(time.GetUtcNow(), principal.Id, callId);

    private async Task<PolicyReply<PolicyDocument>> ShowAsync(string tenant, int number, CancellationToken cancellationToken)
        => await versions.FindAsync(tenant, number, cancellationToken) is { } found
            ? new PolicyReply<PolicyDocument>.Done(found)
            : NoSuchVersion(number);
}
