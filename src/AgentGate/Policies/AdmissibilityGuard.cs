using System.Collections.Immutable;
using AgentGate.Diagnostics;
using AgentGate.Kernel.Decisions;
using AgentGate.Pipeline;

namespace AgentGate.Policies;

/// <summary>
/// Is the call admissible? Every permission it needs must be permitted; tools the principal may never call are taken out
/// of the definitions the model is shown; and for a tool call it is settled whether its arguments may get values back.
/// </summary>
internal sealed class AdmissibilityGuard(RuleList policies) : IRequestGuard
{
    public ValueTask<Verdict> InspectAsync(GuardContext context, CancellationToken cancellationToken)
        => ValueTask.FromResult(Inspect(context));

    private Verdict Inspect(GuardContext context)
    {
        var call = context.Call;
        if (Refuse(call, call.Action, call.Resource) is { } refused)
        {
            return refused;
        }

        foreach (var (action, resource) in call.AlsoRequires)
        {
            if (Refuse(call, action, resource) is { } alsoRefused)
            {
                // A tool that a request for a model names beside it is one the model is forced to call.
                return action == GateActions.CallTool ? alsoRefused with { Code = Codes.ForcedToolForbidden } : alsoRefused;
            }
        }

        if (call.Action == GateActions.CallTool)
        {
            var permitted = !call.Context.Restores.IsDefaultOrEmpty
                && policies.Refusal(call.Principal, GateActions.RestoreValues, call.Resource) is null;
            context.Scope.Set(new RestorePermit(call.Id, permitted));
            return Verdict.Allowed;
        }

        return WithoutForbiddenTools(call);
    }

    private Verdict.Deny? Refuse(GateCall call, string action, EntityRef resource)
        => policies.Refusal(call.Principal, action, resource) is var (code, reason)
            ? new Verdict.Deny(code, reason, DenialKind.Forbidden)
            : null;

    private Verdict WithoutForbiddenTools(GateCall call)
    {
        var declared = call.Content.DeclaredTools;
        if (declared.IsDefaultOrEmpty)
        {
            return Verdict.Allowed;
        }

        ImmutableArray<ContentChange> removed =
            [.. declared.Distinct(StringComparer.Ordinal)
                .Where(name => policies.Refusal(call.Principal, GateActions.CallTool, EntityRef.Tool(name)) is not null)
                .Select(name => new ContentChange.RemoveTool(name))];
        return removed.IsEmpty
            ? Verdict.Allowed
            : new Verdict.Transform(removed) { Findings = [new Finding("tool", "/tools", removed.Length, "definition removed")] };
    }
}
