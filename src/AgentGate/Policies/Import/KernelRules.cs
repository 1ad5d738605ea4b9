using System.Collections.Immutable;
using System.Text.Json;
using AgentGate.Cedar.Entities;
using AgentGate.Cedar.Syntax;

namespace AgentGate.Policies.Import;

/// <summary>
/// The shape <c>pre_rules</c> / <c>post_rules</c>: default deny, a deny wins over every permit, so each rule is one policy.
/// What 1.0 ignored stays ignored, and is said.
/// </summary>
internal sealed class KernelRules(ImportOutput output)
{
    private const string Ignored = "1.0 ignored this rule, so it says nothing: ";

    public void Add(JsonElement file, string prefix)
    {
        AddAll(file, prefix, "pre_rules", isPost: false);
        AddAll(file, prefix, "post_rules", isPost: true);
        AddBlocked(file, prefix);
    }

    private void AddAll(JsonElement file, string prefix, string member, bool isPost)
    {
        var at = 0;
        foreach (var rule in Items(file, prefix, member))
        {
            var source = $"{prefix}{member}[{at++}]";
            if (rule.ValueKind != JsonValueKind.Object)
            {
                output.Refuse(source, "a rule is an object");
                continue;
            }

            AddRule(new SourceRule(source, rule), isPost);
        }
    }

    /// <summary>Operations that 1.0's environment blocked outright.</summary>
    private void AddBlocked(JsonElement file, string prefix)
    {
        var at = 0;
        foreach (var item in Items(file, prefix, "blocked_operations"))
        {
            var rule = new SourceRule($"{prefix}blocked_operations[{at++}]", item);
            if (item.ValueKind != JsonValueKind.String || item.GetString() is not { } name || name.Trim().Length == 0)
            {
                output.Refuse(rule.Source, "a blocked operation is the name of an action");
                continue;
            }

            AddPolicy(rule, PolicyEffect.Forbid, ActionTerm(name, PolicyEffect.Forbid, []), []);
        }
    }

    private JsonElement.ArrayEnumerator Items(JsonElement file, string prefix, string member)
    {
        if (!file.TryGetProperty(member, out var list) || list.ValueKind == JsonValueKind.Null)
        {
            return default;
        }

        if (list.ValueKind != JsonValueKind.Array)
        {
            output.Refuse(prefix + member, "it must be a list");
            return default;
        }

        return list.EnumerateArray();
    }

    private void AddRule(SourceRule rule, bool isPost)
    {
        var type = Member(rule, "type");
        var notes = new List<string>();
        switch (type)
        {
            case "permit" or "deny":
                AddScoped(rule, type == "permit" ? PolicyEffect.Permit : PolicyEffect.Forbid, notes);
                break;
            case "action_allow" or "action_deny":
                AddNamed(rule, "action", Effect(type), notes, (name, effect) => ActionTerm(name, effect, notes));
                break;
            case "role_allow" or "role_deny":
                notes.Add(CallTerms.RolesAreRecords);
                AddNamed(rule, "role", Effect(type), notes, (role, _) => CallTerms.HasRole(role));
                break;
            case "ip_allow" or "ip_deny" or "endpoint_allow" when isPost:
                output.Say(rule, Ignored + $"`{type}` counts in `pre_rules` only.");
                break;
            case "ip_allow" or "ip_deny":
                AddAddress(rule, Effect(type), notes);
                break;
            case "endpoint_allow":
                AddEndpoint(rule, notes);
                break;
            case null:
                output.Refuse(rule.Source, "`type` must be text");
                break;
            default:
                output.Say(rule, Ignored + (type.Length == 0 ? "it has no type." : "1.0 has no rule of this type."));
                break;
        }
    }

    private void AddScoped(SourceRule rule, PolicyEffect effect, List<string> notes)
    {
        if (Member(rule, "action") is not { } action || Member(rule, "resource") is not { } resource)
        {
            output.Refuse(rule.Source, "`action` and `resource` must be text");
            return;
        }

        var wide = effect == PolicyEffect.Forbid;
        var term = ActionTerm(action, effect, notes);
        if (resource.Trim() is not ("" or "*"))
        {
            term = Terms.All(term, CallTerms.HasResource(resource, wide));
            notes.Add(wide
                ? "A resource is an argument that configuration declares (`AgentGate:Tools:Arguments`); tools that declare none have no resource to forbid."
                : "This permits what a tool does to the resource. The tool needs a permit of its own: `action_allow` with its name, or a policy for `callTool`.");
        }

        AddPolicy(rule, effect, term, notes);
    }

    private void AddNamed(SourceRule rule, string member, PolicyEffect effect, List<string> notes, Func<string, PolicyEffect, Expr> term)
    {
        if (Member(rule, member) is not { } name)
        {
            output.Refuse(rule.Source, $"`{member}` must be text");
        }
        else if (name.Trim().Length == 0)
        {
            output.Say(rule, Ignored + $"its {member} is blank, which nothing matches.");
        }
        else
        {
            AddPolicy(rule, effect, term(name.Trim(), effect), notes);
        }
    }

    private void AddAddress(SourceRule rule, PolicyEffect effect, List<string> notes)
    {
        var range = Member(rule, "cidr")?.Trim();
        if (range is null || !CedarIpAddress.TryParse(range, out _))
        {
            output.Refuse(rule.Source, $"`{range}` is no address and no range; write 10.0.0.0/8, 192.0.2.7 or 2001:db8::/32");
            return;
        }

        notes.Add("The range is real: 1.0 compared the text before the slash. A call without a source address lies in no range.");
        AddPolicy(rule, effect, CallTerms.ComesFrom(range), notes);
    }

    private void AddEndpoint(SourceRule rule, List<string> notes)
    {
        if (Member(rule, "endpoint") is not { } endpoint)
        {
            output.Refuse(rule.Source, "`endpoint` must be text");
        }
        else if (endpoint.Trim().Length == 0)
        {
            output.Say(rule, Ignored + "its endpoint is blank, which nothing matches.");
        }
        else if (CallTerms.EntersBelow(endpoint.Trim().TrimEnd('*')) is not { } term)
        {
            output.Say(rule, "No door of this server lies below the endpoint, so the rule permits nothing.");
        }
        else
        {
            notes.Add("Endpoints are doors now: the policy names those below the path.");
            AddPolicy(rule, PolicyEffect.Permit, term, notes);
        }
    }

    private static Expr ActionTerm(string action, PolicyEffect effect, List<string> notes)
    {
        var name = action.Trim();
        if (name is "" or "*")
        {
            return Terms.True;
        }

        if (name.EndsWith('*'))
        {
            notes.Add(effect == PolicyEffect.Forbid
                ? "1.0 took the star in an action literally; as a forbid it means every action that begins like this."
                : "1.0 took the star in an action literally, so this permits a tool of exactly that name; use `like` for more.");
        }

        return CallTerms.HasAction(name, effect == PolicyEffect.Forbid);
    }

    private void AddPolicy(SourceRule rule, PolicyEffect effect, Expr term, List<string> notes)
    {
        var conditions = ImmutableArray.CreateBuilder<PolicyCondition>();
        if (!ReferenceEquals(term, Terms.True))
        {
            conditions.Add(new PolicyCondition(IsUnless: false, term));
        }

        if (effect == PolicyEffect.Permit)
        {
            conditions.Add(new PolicyCondition(IsUnless: true, CallTerms.IsNewAction));
        }

        output.Add(rule, notes, new Policy { Id = rule.Source, Effect = effect, Conditions = conditions.ToImmutable() });
    }

    private static PolicyEffect Effect(string type) => type.EndsWith("_deny", StringComparison.Ordinal) ? PolicyEffect.Forbid : PolicyEffect.Permit;

    private static string? Member(SourceRule rule, string name) => ImportedFile.Text(rule.Json, name);
}
