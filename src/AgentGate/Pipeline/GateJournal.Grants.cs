using AgentGate.Diagnostics;
using AgentGate.Kernel.Decisions;
using AgentGate.Kernel.Delegation;

namespace AgentGate.Pipeline;

/// <content>Grants end while a call is judged: what it rests on is held against what counts directly before its intent.</content>
internal sealed partial class GateJournal
{
    /// <summary>Why the grants that a call was admitted with count no more, or <see langword="null"/> where they do.</summary>
    private Denial? Lapsed(GateRun run, Decision decision)
    {
        if (grants is null || AdmissibilityEvidence.Of(run.Call, run.Scope) is not { Alpha: { DelegationRef: not null } alpha } || GateVotes.IsShadow(decision))
        {
            return null;
        }

        // A clock that was set back must not bring back a grant.
        var now = time.GetUtcNow();
        var check = GrantChain.Check(alpha with { At = now < alpha.At ? alpha.At : now }, grants.Current(alpha.Tenant));
        return check.Reason is { } reason
            ? new Denial(Codes.DelegationInvalid, $"The delegation the call names does not hold any more: {reason}.", DenialKind.Forbidden)
            : null;
    }
}
