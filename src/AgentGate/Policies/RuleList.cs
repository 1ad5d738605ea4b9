using AgentGate.Diagnostics;
using AgentGate.Kernel.Decisions;
using AgentGate.Pipeline;
using Microsoft.Extensions.Options;

namespace AgentGate.Policies;

/// <summary>
/// The configured rules, evaluated default deny and forbid overrides. A permit matches exactly; a forbid ignores case, so
/// that <c>Delete_User</c> does not slip past <c>delete_*</c>. Cedar takes this place (ADR 0008).
/// </summary>
internal sealed class RuleList(IOptions<PolicyOptions> options, IToolCatalog tools)
{
    /// <summary>Actions the shipped default set permits on everything.</summary>
    private static readonly string[] ShippedActions =
        [GateActions.CallModel, GateActions.Embed, GateActions.CountTokens, GateActions.ListModels, GateActions.CallTool];

    /// <summary>Answers one request. <see langword="null"/> when it is permitted.</summary>
    public (string Code, string Reason)? Refusal(Principal principal, string action, EntityRef resource)
    {
        if (!Wildcard.IsComparable(resource.Id))
        {
            return (Codes.Forbidden, $"The name that {action} is asked on can be spelled in more than one way, so no policy can be held against it.");
        }

        if (options.Value.Forbid.Any(rule => Matches(rule, principal, action, resource, ignoreCase: true)))
        {
            return (Codes.Forbidden, $"A policy forbids {action} on {Describe(resource)}.");
        }

        var permitted = options.Value.Permit.Any(rule => Matches(rule, principal, action, resource, ignoreCase: false))
            || (options.Value.UseShippedDefault && ShippedDefaultPermits(action, resource));
        return permitted ? null : (Codes.NotPermitted, $"No policy permits {action} on {Describe(resource)}; an operator can add one under AgentGate:Policies:Permit.");
    }

    private bool ShippedDefaultPermits(string action, EntityRef resource)
        => ShippedActions.Contains(action, StringComparer.Ordinal)
            || (action == GateActions.RestoreValues && tools.IsInternal(resource.Id));

    private static bool Matches(PolicyRule rule, Principal principal, string action, EntityRef resource, bool ignoreCase)
        => Wildcard.IsMatch(rule.Action, action, ignoreCase)
            && Wildcard.IsMatch(rule.Resource, resource.Id, ignoreCase)
            && Wildcard.IsMatch(rule.Principal, principal.Id, ignoreCase);

    private static string Describe(EntityRef resource) => $"{resource.Type[(resource.Type.LastIndexOf(':') + 1)..]} \"{resource.Id}\"";
}
