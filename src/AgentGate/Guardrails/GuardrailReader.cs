using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace AgentGate.Guardrails;

/// <summary>
/// Reads guardrails in their published forms, from JSON and from configuration alike. Every fault is told with its place, and whoever reads
/// goes on. Names are read without regard to case and underscores: <c>max_calls</c> is <c>MaxCalls</c>. A name nobody knows is a fault.
/// </summary>
internal static class GuardrailReader
{
    private static readonly JsonDocumentOptions s_strict = new() { AllowDuplicateProperties = false, MaxDepth = 16 };

    /// <summary>One guardrail as text.</summary>
    public static GuardrailSet Read(string json, string path, List<string> faults)
    {
        try
        {
            return Read(JsonNode.Parse(json, documentOptions: s_strict), path, faults);
        }
        catch (JsonException broken)
        {
            faults.Add($"{Named(path)} is no JSON (line {broken.LineNumber + 1}).");
            return new GuardrailSet();
        }
    }

    /// <summary>One guardrail: a list of rules, or an object with <c>policies</c> (or <c>rules</c>) or <c>states</c>.</summary>
    public static GuardrailSet Read(JsonNode? node, string path, List<string> faults)
    {
        var set = new GuardrailSet();
        if (node is JsonArray list)
        {
            ReadRules(set, list, path, faults);
            return set;
        }

        var members = new Members(node, path, faults);
        set.Id = members.Text("id") ?? members.Text("policy_id") ?? set.Id;
        set.Version = members.Text("version") ?? set.Version;
        set.Description = members.Text("description");
        set.Mode = members.Word<GuardrailMode>("mode") ?? set.Mode;
        set.OnStoreLoss = members.Word<GuardrailStoreLoss>("on_store_loss") ?? set.OnStoreLoss;
        set.Tenant = members.Text("tenant") ?? set.Tenant;
        set.Principal = members.Text("principal") ?? set.Principal;
        foreach (var name in (string[])["policies", "rules"])
        {
            if (members.Take(name, out var rulesAt) is { } rules)
            {
                ReadRules(set, rules, rulesAt, faults);
            }
        }

        if (members.Take("states", out var statesAt) is { } states)
        {
            set.Machine = ReadMachine(members, states, statesAt, faults);
            if (members.IsMissing("policy_id") && members.IsMissing("id"))
            {
                faults.Add($"{members.At("policy_id")} is missing.");
            }

            if (members.IsMissing("version"))
            {
                faults.Add($"{members.At("version")} is missing.");
            }
        }
        else if (members.Take("initial_state", out _) is not null)
        {
            faults.Add($"{members.At("states")} is missing.");
        }

        members.End();
        return set;
    }

    private static GuardrailMachine ReadMachine(Members members, JsonNode states, string path, List<string> faults)
    {
        var machine = new GuardrailMachine { InitialState = members.Text("initial_state") ?? "" };
        machine.SessionTtl = members.Time("session_ttl") ?? machine.SessionTtl;
        machine.Scope = members.Word<GuardrailScope>("scope") ?? machine.Scope;
        machine.Closed = members.Flag("closed") ?? machine.Closed;
        machine.CountFailed = members.Flag("count_failed") ?? machine.CountFailed;
        if (states is not JsonObject named)
        {
            faults.Add($"{path} must be an object with one member per state.");
            return machine;
        }

        foreach (var (name, node) in named)
        {
            machine.States[name] = ReadState(new Members(node, $"{path}{Members.Separator(path)}{name}", faults), faults);
        }

        return machine;
    }

    private static GuardrailState ReadState(Members members, List<string> faults)
    {
        var state = new GuardrailState { Description = members.Text("description") };
        foreach (var (node, path) in Items(members, "transitions", faults))
        {
            var one = new Members(node, path, faults);
            state.Transitions.Add(new GuardrailTransition { Action = one.Text("action") ?? "", NextState = one.Text("next_state") ?? "", Description = one.Text("description") });
            one.End();
        }

        foreach (var (node, path) in Items(members, "constraints", faults))
        {
            var one = new Members(node, path, faults);
            var kind = one.Word<GuardrailConstraintKind>("constraint_type") ?? one.Word<GuardrailConstraintKind>("type") ?? one.Word<GuardrailConstraintKind>("kind");
            if (kind is null && one.IsMissing("constraint_type") && one.IsMissing("type") && one.IsMissing("kind"))
            {
                faults.Add($"{one.At("constraint_type")} is missing; it is cooldown, max_frequency or temporal_exclusion.");
            }

            state.Constraints.Add(new GuardrailConstraint
            {
                Kind = kind ?? default,
                Action = one.Text("action") ?? "",
                Window = one.Time("window_seconds") ?? one.Time("window") ?? TimeSpan.Zero,
                MaxCount = one.Number("max_count") ?? 1,
                ErrorMessage = one.Text("error_msg") ?? one.Text("error_message"),
            });
            one.End();
        }

        members.End();
        return state;
    }

    private static void ReadRules(GuardrailSet set, JsonNode node, string path, List<string> faults)
    {
        if (node is not JsonArray list)
        {
            faults.Add($"{Named(path)} must be a list of rules.");
            return;
        }

        for (var index = 0; index < list.Count; index++)
        {
            var members = new Members(list[index], $"{path}{Members.Separator(path)}{index}", faults);
            var rule = new GuardrailRule
            {
                Name = members.Text("name") ?? "",
                Tool = members.Text("tool") ?? "",
                Model = members.Text("model") ?? "",
                MaxCalls = members.Number("max_calls"),
                Window = members.Time("window"),
                Cooldown = members.Time("cooldown"),
                CountFailed = members.Flag("count_failed") ?? false,
            };
            rule.TimeZone = members.Text("time_zone") ?? members.Text("timezone") ?? rule.TimeZone;
            rule.Scope = members.Word<GuardrailScope>("scope") ?? rule.Scope;
            foreach (var (hour, hourAt) in Items(members, "exclude_hours", faults))
            {
                if (hour is JsonValue value && (value.GetValueKind() is JsonValueKind.Number or JsonValueKind.String))
                {
                    rule.ExcludeHours.Add(value.ToString());
                }
                else
                {
                    faults.Add($"{hourAt} must be an hour from 0 to 23, or a range such as \"22-6\".");
                }
            }

            members.End();
            set.Rules.Add(rule);
        }
    }

    private static IEnumerable<(JsonNode? Node, string Path)> Items(Members members, string name, List<string> faults)
    {
        if (members.Take(name, out var path) is not { } node)
        {
            yield break;
        }

        if (node is not JsonArray list)
        {
            faults.Add($"{path} must be a list.");
            yield break;
        }

        for (var index = 0; index < list.Count; index++)
        {
            yield return (list[index], $"{path}{Members.Separator(path)}{index}");
        }
    }

    private static string Named(string path) => path.Length == 0 ? "The guardrail" : path;

    /// <summary>The members of an object, taken one by one; what is left in the end is a fault.</summary>
    private sealed class Members
    {
        private readonly string _path;
        private readonly List<string> _faults;
        private readonly Dictionary<string, (string Name, JsonNode? Value)> _left = [];
        private readonly HashSet<string> _seen = [];

        public Members(JsonNode? node, string path, List<string> faults)
        {
            (_path, _faults) = (path, faults);
            if (node is not JsonObject members)
            {
                faults.Add($"{Named(path)} must be an object.");
                return;
            }

            foreach (var (name, value) in members)
            {
                if (!_left.TryAdd(Key(name), (name, value)))
                {
                    faults.Add($"{At(name)} is there twice.");
                }

                _seen.Add(Key(name));
            }
        }

        public static string Separator(string path) => path.Length == 0 ? "" : ":";

        public string At(string name) => _path + Separator(_path) + name;

        public bool IsMissing(string name) => !_seen.Contains(Key(name));

        public JsonNode? Take(string name, out string path)
        {
            path = At(name);
            return _left.Remove(Key(name), out var found) ? found.Value : null;
        }

        public string? Text(string name)
        {
            var value = Take(name, out var path);
            if (value is null || (value is JsonValue && value.GetValueKind() is JsonValueKind.String or JsonValueKind.Number))
            {
                return value?.ToString();
            }

            _faults.Add($"{path} must be text.");
            return null;
        }

        public int? Number(string name)
        {
            var text = Text(name);
            if (text is not null && int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
            {
                return number;
            }

            if (text is not null)
            {
                _faults.Add($"{At(name)} must be a whole number.");
            }

            return null;
        }

        public bool? Flag(string name)
        {
            var value = Take(name, out var path);
            var text = value is JsonValue ? value.ToString() : null;
            if (value is null || bool.TryParse(text, out _))
            {
                return text is null ? null : bool.Parse(text);
            }

            _faults.Add($"{path} must be true or false.");
            return null;
        }

        public TWord? Word<TWord>(string name)
            where TWord : struct, Enum
        {
            var text = Text(name);
            if (text is null)
            {
                return null;
            }

            foreach (var word in Enum.GetValues<TWord>())
            {
                if (Key(word.ToString()) == Key(text))
                {
                    return word;
                }
            }

            _faults.Add($"{At(name)} is \"{text}\"; it is {string.Join(", ", Enum.GetNames<TWord>().Select(Snake))}.");
            return null;
        }

        /// <summary>Seconds as a number, <c>90s</c>, <c>10m</c>, <c>1h</c>, <c>7d</c>, or <c>00:10:00</c>.</summary>
        public TimeSpan? Time(string name)
        {
            var text = Text(name)?.Trim();
            if (text is null)
            {
                return null;
            }

            var (number, unit) = text.Length > 0 && "smhd".Contains(text[^1], StringComparison.Ordinal) ? (text[..^1], text[^1]) : (text, 's');
            if (double.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var amount) && amount <= 1e9)
            {
                return unit switch { 'm' => TimeSpan.FromMinutes(amount), 'h' => TimeSpan.FromHours(amount), 'd' => TimeSpan.FromDays(amount), _ => TimeSpan.FromSeconds(amount) };
            }

            if (text.Contains(':', StringComparison.Ordinal) && TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var time))
            {
                return time;
            }

            _faults.Add($"{At(name)} must be a time: 90 (seconds), \"90s\", \"10m\", \"1h\", \"7d\" or \"00:10:00\".");
            return null;
        }

        public void End()
        {
            foreach (var (name, _) in _left.Values)
            {
                _faults.Add($"{At(name)} is no setting of a guardrail.");
            }
        }

        private static string Key(string name) => name.Replace("_", "", StringComparison.Ordinal).ToLowerInvariant();

        private static string Snake(string name)
            => string.Concat(name.Select((c, place) => char.IsUpper(c) ? (place == 0 ? "" : "_") + char.ToLowerInvariant(c) : c.ToString()));
    }
}
