using System.Collections.Immutable;
using System.Globalization;
using AgentGate.Cedar.Syntax;
using AgentGate.Kernel.Decisions;
using AgentGate.Pipeline;

namespace AgentGate.Policies;

/// <summary>
/// Makes policies of the rules in configuration. They are built as values: whatever text a rule holds, it becomes a pattern or
/// a name. A permit compares names exactly, a forbid in lower case.
/// </summary>
internal static class RuleTranslation
{
    /// <summary>The policies of both lists; each is named by its place in configuration.</summary>
    public static IEnumerable<Policy> Translate(PolicyOptions options)
        => options.Permit.Select((rule, at) => Policy(rule, PolicyEffect.Permit, "Permit", at))
            .Concat(options.Forbid.Select((rule, at) => Policy(rule, PolicyEffect.Forbid, "Forbid", at)));

    private static Policy Policy(PolicyRule rule, PolicyEffect effect, string list, int at)
    {
        var isForbid = effect == PolicyEffect.Forbid;
        ImmutableArray<PolicyCondition> conditions =
        [
            .. Condition(RequestVariable.Principal, rule.Principal, isForbid),
            .. Condition(RequestVariable.Resource, rule.Resource, isForbid),
        ];
        return new Policy
        {
            Id = string.Create(CultureInfo.InvariantCulture, $"AgentGate:Policies:{list}:{at}"),
            Effect = effect,
            Action = Actions(rule.Action, isForbid),
            Conditions = conditions,
        };
    }

    private static ActionConstraint Actions(string pattern, bool ignoreCase)
    {
        if (pattern.AsSpan().TrimStart('*').IsEmpty && pattern.Length > 0)
        {
            return ActionConstraint.Any.Instance;
        }

        // An action that names a group means the members of the group too, so the actions are listed one by one.
        return new ActionConstraint.In(
            [
                .. GateActions.All.Concat(GateActions.Effects).Where(action => Wildcard.IsMatch(pattern, action, ignoreCase)).Select(PolicyNames.Action),
            ],
            IsList: true);
    }

    private static IEnumerable<PolicyCondition> Condition(RequestVariable variable, string pattern, bool ignoreCase)
    {
        if (pattern.Length > 0 && pattern.AsSpan().TrimStart('*').IsEmpty)
        {
            return [];
        }

        // In a rule nothing but the star is special, and no star stands for itself.
        var name = new Expr.GetAttribute(new Expr.Variable(variable), ignoreCase ? "key" : "id");
        var text = ignoreCase ? Spelling.Fold(pattern) : pattern;
        return [new PolicyCondition(IsUnless: false, new Expr.Like(name, new LikePattern([.. text.Split('*')])))];
    }
}
