using System.Collections.Immutable;
using System.Text.Json;
using AgentGate.Cedar.Syntax;

namespace AgentGate.Policies.Import;

/// <summary>
/// The shape <c>rules[]</c> with conditions: the matching rule of the highest priority decides, of two with the same the one
/// that stands first. Cedar knows no order, so each policy excludes what every opposite rule before it decides.
/// </summary>
internal sealed class FieldRules(ImportOutput output)
{
    /// <summary>The most rules of a set: each may have to exclude every other.</summary>
    private const int RulesMax = 500;

    /// <summary>The most conditions of a rule.</summary>
    private const int ConditionsMax = 100;

    private readonly HashSet<string> _ids = new(StringComparer.Ordinal);
    private int _set;

    public void Add(JsonElement set, string prefix)
    {
        _set++;
        if (!set.TryGetProperty("rules", out var list) || list.ValueKind != JsonValueKind.Array || list.GetArrayLength() > RulesMax)
        {
            output.Refuse(prefix + "rules", $"it must be a list of at most {RulesMax} rules");
            return;
        }

        if (_set > 1)
        {
            output.Refuse(prefix + "rules", "the file holds more than one set with priorities, and 1.0 ordered the rules of all of them; import one set at a time");
            return;
        }

        var rules = new List<OrderedRule>();
        var at = 0;
        foreach (var item in list.EnumerateArray())
        {
            if (Read(new SourceRule($"{prefix}rules[{at}]", item), at) is { } rule)
            {
                rules.Add(rule);
            }

            at++;
        }

        // A stable sort: of equal priorities the one that stands first decides, as it did.
        var ordered = rules.OrderByDescending(rule => rule.Priority).ToList();
        foreach (var rule in rules)
        {
            Add(rule, [.. ordered.TakeWhile(other => other != rule).Where(other => other.Effect != rule.Effect)]);
        }

        AddDefault(set, prefix);
    }

    private OrderedRule? Read(SourceRule rule, int index)
    {
        if (rule.Json.ValueKind != JsonValueKind.Object)
        {
            output.Refuse(rule.Source, "a rule is an object");
            return null;
        }

        var effect = ImportedFile.Text(rule.Json, "effect") switch { "allow" => PolicyEffect.Permit, "deny" => PolicyEffect.Forbid, _ => default(PolicyEffect?) };
        var id = ImportedFile.Text(rule.Json, "rule_id");
        var priority = 0;
        var problem = effect is null ? "`effect` must be `allow` or `deny`"
            : string.IsNullOrWhiteSpace(id) ? "`rule_id` is missing"
            : !_ids.Add(id) ? $"`rule_id` `{id}` stands there twice; policies are known by it"
            : rule.Json.TryGetProperty("priority", out var given) && (given.ValueKind != JsonValueKind.Number || !given.TryGetInt32(out priority)) ? "`priority` must be a whole number"
            : priority < 0 ? "1.0 never applied a rule with a priority below 0; take it out, or give it a priority from 0"
            : null;
        if (problem is not null)
        {
            output.Refuse(rule.Source, problem);
            return null;
        }

        return Conditions(rule, effect!.Value) is var (term, notes) ? new OrderedRule(rule, id!, effect.Value, priority, index, term, notes) : null;
    }

    private (Expr Term, ImmutableArray<string> Notes)? Conditions(SourceRule rule, PolicyEffect effect)
    {
        if (!rule.Json.TryGetProperty("conditions", out var list) || list.ValueKind != JsonValueKind.Array || list.GetArrayLength() is 0 or > ConditionsMax)
        {
            output.Refuse(rule.Source, $"a rule has 1 to {ConditionsMax} conditions");
            return null;
        }

        var (terms, notes, at, fine) = (new List<Expr>(), new SortedSet<string>(StringComparer.Ordinal), 0, true);
        foreach (var item in list.EnumerateArray())
        {
            var condition = FieldCondition.Read(item, effect, notes, out var problem);
            if (condition is null)
            {
                output.Refuse($"{rule.Source}.conditions[{at}]", problem!);
                fine = false;
            }
            else
            {
                terms.Add(condition);
            }

            at++;
        }

        return fine ? (Terms.All(terms), [.. notes]) : null;
    }

    private void Add(OrderedRule rule, IReadOnlyList<OrderedRule> before)
    {
        var notes = rule.Notes.ToList();
        if (before.Count > 0)
        {
            notes.Add($"Decided first, and therefore excluded here: {string.Join(", ", before.Select(other => other.Rule.Source))}.");
        }

        if (before.Any(other => other.Priority == rule.Priority))
        {
            notes.Add("A rule of the same priority and the opposite effect stands before it and goes first, as in 1.0; where both may match, consider which should win.");
        }

        var description = ImportedFile.Text(rule.Rule.Json, "description");
        output.Add(rule.Rule, notes, new Policy
        {
            Id = rule.Id,
            Effect = rule.Effect,
            Annotations = string.IsNullOrEmpty(description) ? [] : [new PolicyAnnotation("description", description)],
            Action = CallTerms.ToolActions,
            Conditions =
            [
                new PolicyCondition(IsUnless: false, CallTerms.IsToolCall),
                .. ReferenceEquals(rule.Term, Terms.True) ? [] : ImmutableArray.Create(new PolicyCondition(IsUnless: false, rule.Term)),
                .. before.Select(other => new PolicyCondition(IsUnless: true, other.Term)),
            ],
        });
    }

    private void AddDefault(JsonElement set, string prefix)
    {
        var rule = new SourceRule(prefix + "default_effect", set.TryGetProperty("default_effect", out var given) ? given : default);
        if (rule.Json.ValueKind == JsonValueKind.Undefined)
        {
            output.Refuse(rule.Source, "it is missing; write `allow` or `deny`");
            return;
        }

        switch (ImportedFile.Text(set, "default_effect"))
        {
            case "deny":
                output.Say(rule, "What no policy permits is denied; Cedar needs no policy for it.");
                break;
            case "allow":
                output.Add(
                    rule,
                    ["Every tool call that no rule denies is permitted, as the set says. Consider `deny`: what nobody thought of is then denied."],
                    new Policy
                    {
                        Id = FreeId("default"),
                        Effect = PolicyEffect.Permit,
                        Action = CallTerms.ToolActions,
                        Conditions = [new PolicyCondition(IsUnless: false, CallTerms.IsToolCall)],
                    });
                break;
            default:
                output.Refuse(rule.Source, "it must be `allow` or `deny`");
                break;
        }
    }

    private string FreeId(string id) => _ids.Contains(id) ? FreeId(id + "_") : id;

    private sealed record OrderedRule(
        SourceRule Rule, string Id, PolicyEffect Effect, int Priority, int Index, Expr Term, ImmutableArray<string> Notes);
}
