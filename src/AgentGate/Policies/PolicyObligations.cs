using System.Collections.Immutable;
using AgentGate.Cedar.Syntax;
using AgentGate.Diagnostics;
using AgentGate.Kernel.Admissibility;

namespace AgentGate.Policies;

/// <summary>What policies demand by <c>@obligation</c>, and why they cannot. Pure.</summary>
internal static class PolicyObligations
{
    private const string NoApprovals =
        "no Approvals guard is installed, so that every such call would be refused for ever; install one, or take the obligation away";

    /// <summary>The obligations of a policy, as its annotation lists them.</summary>
    public static IEnumerable<string> Of(Policy policy)
        => policy.Annotation(Obligations.Annotation)?.Split(',').Select(static word => word.Trim(' ')).Where(static word => word.Length > 0) ?? [];

    /// <summary>What is wrong with the obligations of a set. Empty where nothing is.</summary>
    /// <param name="policies">The set.</param>
    /// <param name="hasApprovals">Whether somebody can approve.</param>
    /// <returns>The policy and the sentence.</returns>
    public static ImmutableArray<(Policy Policy, string Message)> Faults(PolicySet policies, bool hasApprovals)
        => [.. policies.Policies.Concat(policies.Templates).SelectMany(policy => Faults(policy, hasApprovals).Select(fault => (policy, fault)))];

    /// <summary>What settings demand that nobody could fulfil without a guard for approvals.</summary>
    public static IEnumerable<string> Faults(AdmissibilityOptions options)
        => options.Obligations.Where(static rule => rule.Obligation == Obligations.ApprovalRequired)
            .Select(static rule => $"{Codes.ObligationUnusable}: AgentGate:Admissibility:Obligations demands {rule.Obligation} for \"{rule.Action}\", and {NoApprovals}.");

    private static IEnumerable<string> Faults(Policy policy, bool hasApprovals)
    {
        foreach (var word in Of(policy))
        {
            if (!Obligations.All.Contains(word))
            {
                yield return $"{Codes.ObligationUnusable}: the policy \"{policy.Id}\" demands the obligation \"{word}\", which does not exist; there are {string.Join(", ", Obligations.All)}";
            }
            else if (policy.Effect == PolicyEffect.Forbid)
            {
                yield return $"{Codes.ObligationUnusable}: the policy \"{policy.Id}\" forbids, so its obligation \"{word}\" would never be asked; put it on a permit";
            }
            else if (word == Obligations.ApprovalRequired && !hasApprovals)
            {
                yield return $"{Codes.ObligationUnusable}: the policy \"{policy.Id}\" demands {word}, and {NoApprovals}";
            }
        }
    }
}
