using AgentGate.Pipeline;

namespace AgentGate.Guardrails;

/// <summary>What is wrong with a guardrail: every fault, each with the field it is in.</summary>
internal static class GuardrailFaults
{
    private const int RulesMax = 64;
    private const int StatesMax = 256;
    private const int NameMax = 64;
    private const int CallsMax = 1_000;

    /// <summary>The name of a rule that was given none.</summary>
    public static string NameOf(GuardrailRule rule, int index) => rule.Name.Length > 0 ? rule.Name : "rule-" + (index + 1);

    /// <summary>The faults of one set.</summary>
    /// <param name="set">The set.</param>
    /// <param name="path">Where it stands; empty for a text by itself.</param>
    public static IEnumerable<string> Of(GuardrailSet set, string path)
    {
        string At(string name) => path.Length == 0 ? name : path + ":" + name;
        if (!IsName(set.Id))
        {
            yield return $"{At("id")} must be 1 to {NameMax} letters, digits, \"-\", \"_\" or \".\".";
        }

        foreach (var (name, pattern) in ((string, string)[])[("tenant", set.Tenant), ("principal", set.Principal)])
        {
            if (!Wildcard.IsValid(pattern))
            {
                yield return PatternFault(At(name), pattern);
            }
        }

        if (!Enum.IsDefined(set.Mode) || !Enum.IsDefined(set.OnStoreLoss))
        {
            yield return $"{At("mode")} must be enforce or shadow, and {At("on_store_loss")} deny or allow.";
        }

        if ((set.Rules.Count == 0) == (set.Machine is null))
        {
            yield return $"{At("policies")} or {At("states")} is needed, and not both.";
        }

        if (set.Rules.Count > RulesMax)
        {
            yield return $"{At("policies")} holds {set.Rules.Count} rules; there can be {RulesMax}.";
        }

        foreach (var twice in set.Rules.Select(NameOf).GroupBy(name => name, StringComparer.OrdinalIgnoreCase).Where(names => names.Count() > 1))
        {
            yield return $"{At("policies")} names \"{twice.Key}\" twice; each rule needs a name of its own.";
        }

        foreach (var (rule, index) in set.Rules.Select((rule, index) => (rule, index)))
        {
            foreach (var fault in Of(rule, $"{At("policies")}:{index}:"))
            {
                yield return fault;
            }
        }

        foreach (var fault in set.Machine is { } machine ? Of(machine, path.Length == 0 ? "" : path + ":") : [])
        {
            yield return fault;
        }
    }

    private static IEnumerable<string> Of(GuardrailRule rule, string at)
    {
        if (rule.Name.Length > 0 && !IsName(rule.Name))
        {
            yield return $"{at}name must be 1 to {NameMax} letters, digits, \"-\", \"_\" or \".\".";
        }

        if ((rule.Tool.Length == 0) == (rule.Model.Length == 0))
        {
            yield return $"{at}tool is missing; a rule is about a tool, or about a model, and not about both.";
        }

        foreach (var (name, pattern) in ((string, string)[])[("tool", rule.Tool), ("model", rule.Model)])
        {
            if (pattern.Length > 0 && !Wildcard.IsValid(pattern))
            {
                yield return PatternFault(at + name, pattern);
            }
        }

        if (rule.MaxCalls is null && rule.Cooldown is null && rule.ExcludeHours.Count == 0)
        {
            yield return $"{at}max_calls, {at}cooldown or {at}exclude_hours is needed; the rule demands nothing.";
        }

        if (rule.MaxCalls is < 1 or > CallsMax)
        {
            yield return $"{at}max_calls must be between 1 and {CallsMax}; to forbid calls, write a policy; for more, a limit.";
        }

        if ((rule.MaxCalls is null) != (rule.Window is null))
        {
            yield return rule.Window is null ? $"{at}window is missing; max_calls counts within it." : $"{at}max_calls is missing; window alone demands nothing.";
        }

        foreach (var (name, time) in ((string, TimeSpan?)[])[("window", rule.Window), ("cooldown", rule.Cooldown)])
        {
            if (time is { } length && !IsWindow(length))
            {
                yield return $"{at}{name} must be between one second and 31 days.";
            }
        }

        if (!Enum.IsDefined(rule.Scope))
        {
            yield return $"{at}scope must be agent, session, user, tenant or global.";
        }

        var hours = rule.ExcludeHours.Where(text => !HourRanges.TryParse(text, out _)).ToArray();
        foreach (var text in hours)
        {
            yield return $"{at}exclude_hours holds \"{text}\"; it must be an hour from 0 to 23, or a range such as \"22-6\" or \"22:30-06:15\".";
        }

        if (!TimeZoneInfo.TryFindSystemTimeZoneById(rule.TimeZone, out _))
        {
            yield return $"{at}time_zone is \"{rule.TimeZone}\", which this machine does not know; name one of the IANA database, for example Europe/Berlin.";
        }
        else if (rule.ExcludeHours.Count > 0 && hours.Length == 0 && ListUnit.HoursOf(rule)!.CoverAll)
        {
            yield return $"{at}exclude_hours leaves no minute of the day; to forbid calls, write a policy.";
        }
    }

    private static IEnumerable<string> Of(GuardrailMachine machine, string at)
    {
        if (machine.States.Count is 0 or > StatesMax)
        {
            yield return $"{at}states must hold 1 to {StatesMax} states.";
        }

        if (machine.InitialState.Length == 0)
        {
            yield return $"{at}initial_state is missing.";
        }
        else if (!machine.States.ContainsKey(machine.InitialState))
        {
            yield return $"{at}initial_state is \"{machine.InitialState}\", which is no state.";
        }

        if (!IsWindow(machine.SessionTtl))
        {
            yield return $"{at}session_ttl must be between one second and 31 days.";
        }

        if (!Enum.IsDefined(machine.Scope))
        {
            yield return $"{at}scope must be agent, session, user, tenant or global.";
        }

        foreach (var (name, state) in machine.States)
        {
            foreach (var fault in Of(machine, state, $"{at}states:{name}:"))
            {
                yield return fault;
            }
        }
    }

    private static IEnumerable<string> Of(GuardrailMachine machine, GuardrailState state, string at)
    {
        foreach (var (transition, index) in state.Transitions.Select((one, index) => (one, index)))
        {
            if (!Wildcard.IsValid(transition.Action))
            {
                yield return transition.Action.Length == 0 ? $"{at}transitions:{index}:action is missing." : PatternFault($"{at}transitions:{index}:action", transition.Action);
            }

            if (transition.NextState.Length == 0)
            {
                yield return $"{at}transitions:{index}:next_state is missing.";
            }
            else if (!machine.States.ContainsKey(transition.NextState))
            {
                yield return $"{at}transitions:{index}:next_state is \"{transition.NextState}\", which is no state.";
            }
        }

        foreach (var (constraint, index) in state.Constraints.Select((one, index) => (one, index)))
        {
            if (!Wildcard.IsValid(constraint.Action))
            {
                yield return constraint.Action.Length == 0 ? $"{at}constraints:{index}:action is missing." : PatternFault($"{at}constraints:{index}:action", constraint.Action);
            }
            else if (!state.Transitions.Any(one => Meet(one.Action, constraint.Action)))
            {
                yield return $"{at}constraints:{index}:action is \"{constraint.Action}\", for which the state has no transition.";
            }

            if (!Enum.IsDefined(constraint.Kind))
            {
                yield return $"{at}constraints:{index}:constraint_type must be cooldown, max_frequency or temporal_exclusion.";
            }

            if (!IsWindow(constraint.Window))
            {
                yield return $"{at}constraints:{index}:window_seconds must be between one second and 31 days.";
            }

            if (constraint.MaxCount is < 1 or > CallsMax)
            {
                yield return $"{at}constraints:{index}:max_count must be between 1 and {CallsMax}.";
            }
        }
    }

    /// <summary>Whether a pattern can concern what another one does; two patterns of which neither fits the other's text are told apart.</summary>
    private static bool Meet(string one, string other)
        => string.Equals(one, other, StringComparison.OrdinalIgnoreCase)
            || Wildcard.IsMatch(one, other, ignoreCase: true) || Wildcard.IsMatch(other, one, ignoreCase: true);

    private static bool IsName(string name) => name.Length is > 0 and <= NameMax && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');

    private static bool IsWindow(TimeSpan time) => time >= TimeSpan.FromSeconds(1) && time <= TimeSpan.FromDays(31);

    private static string PatternFault(string at, string pattern) => $"{at} holds the pattern \"{pattern}\"; only * is a wildcard, and it cannot stand beside ? or a backslash.";
}
