using AgentGate.Kernel.Decisions;
using AgentGate.Pipeline;

namespace AgentGate.Approvals;

/// <summary>Under what terms a call is put before people. A fact of the call's scope. Immutable.</summary>
/// <param name="CallId">The call.</param>
/// <param name="Needed">How many people must approve.</param>
/// <param name="Timeout">How long it can be decided and used.</param>
internal sealed record ApprovalTerms(string CallId, int Needed, TimeSpan Timeout)
{
    /// <summary>The strictest terms of all rules that fit a call; <see langword="null"/> where none does.</summary>
    public static ApprovalTerms? Of(GateCall call, ApprovalOptions options)
    {
        ApprovalTerms? strictest = null;
        if (call.Action != GateActions.CallTool)
        {
            return null;
        }

        foreach (var rule in options.Rules)
        {
            if (Wildcard.IsMatch(rule.Tool, call.Resource.Id, ignoreCase: true)
                && Wildcard.IsMatch(rule.Principal, call.Principal.Id, ignoreCase: true)
                && Wildcard.IsMatch(rule.Tenant, call.Principal.Tenant, ignoreCase: true))
            {
                var timeout = rule.Timeout ?? options.Timeout;
                strictest = strictest is null
                    ? new ApprovalTerms(call.Id, rule.Approvers, timeout)
                    : strictest with { Needed = Math.Max(strictest.Needed, rule.Approvers), Timeout = timeout < strictest.Timeout ? timeout : strictest.Timeout };
            }
        }

        return strictest;
    }
}
