using AgentGate.Diagnostics;
using AgentGate.Kernel.Decisions;
using AgentGate.Pipeline;
using Microsoft.Extensions.Options;

namespace AgentGate.Approvals;

/// <summary>Does a person have to decide? The last guard: nobody is asked about a call that another guard refuses.</summary>
internal sealed class ApprovalGuard(IOptions<ApprovalOptions> options) : IRequestGuard
{
    public ValueTask<Verdict> InspectAsync(GuardContext context, CancellationToken cancellationToken)
        => ValueTask.FromResult(Inspect(context.Call, context.Scope));

    private Verdict Inspect(GateCall call, CallScope scope)
    {
        var (demand, terms) = (ApprovalDemand.Of(call, scope), ApprovalTerms.Of(call, options.Value));
        if (demand is null && terms is null)
        {
            return Verdict.Allowed;
        }

        if (Resumption.Of(call, scope) is { } resumption)
        {
            // What the policies demand they have judged anew, with the approval as an attestation: what is missing still is not given by it.
            return demand is null
                ? Verdict.Allowed with { Findings = [new Finding("approval", null, 1, resumption.ApprovalId)] }
                : new Verdict.Deny(demand.Code, demand.Reason, DenialKind.Forbidden);
        }

        scope.Set(terms is null
            ? new ApprovalTerms(call.Id, options.Value.Approvers, options.Value.Timeout)
            : demand is null ? terms : terms with { Needed = Math.Max(terms.Needed, options.Value.Approvers) });
        return new Verdict.Hold(
            demand?.Code ?? Codes.ApprovalRequired,
            demand?.Reason ?? $"The tool \"{Shown(call.Resource.Id)}\" needs a person's approval.")
        {
            Findings = [new Finding("approval", null, 1, terms is null ? "policy" : demand is null ? "rule" : "policy and rule")],
        };
    }

    private static string Shown(string name) => name.Length <= 128 ? name : name[..128];
}
