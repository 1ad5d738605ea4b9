using AgentGate.Guardrails;

namespace AgentGate.Tests.Guardrails;

/// <summary>What is not as it must be is told whole, and with the field it is in.</summary>
public sealed class GuardrailFaultsTests
{
    [Theory]
    [InlineData("""{"policy_id":"p","version":"1","states":{"a":{}}}""", "initial_state is missing.")]
    [InlineData("""{"policy_id":"p","version":"1","initial_state":"b","states":{"a":{}}}""", "initial_state is \"b\", which is no state.")]
    [InlineData("""{"policy_id":"p","version":"1","initial_state":"a","states":{"a":{"transitions":[{"action":"x","next_state":"b"}]}}}""", "states:a:transitions:0:next_state is \"b\", which is no state.")]
    [InlineData("""{"policy_id":"p","version":"1","initial_state":"a","states":{"a":{"constraints":[{"constraint_type":"cooldown","action":"x","window_seconds":1}]}}}""", "states:a:constraints:0:action is \"x\", for which the state has no transition.")]
    [InlineData("""{"policy_id":"p","version":"1","mode":"observe","initial_state":"a","states":{"a":{}}}""", "mode is \"observe\"; it is enforce, shadow.")]
    [InlineData("""{"version":"1","initial_state":"a","states":{"a":{}}}""", "policy_id is missing.")]
    [InlineData("""{"policy_id":"p","initial_state":"a","states":{"a":{}}}""", "version is missing.")]
    [InlineData("""{"policy_id":"p","version":"1","initial_state":"a"}""", "states is missing.")]
    [InlineData("""{"policy_id":"p","version":"1","initial_state":"a","states":{"a":{"transitions":[{"next_state":"a"}]}}}""", "states:a:transitions:0:action is missing.")]
    [InlineData("""{"policy_id":"p","version":"1","initial_state":"a","states":{"a":{"transitions":[{"action":"x","next_state":"a"}],"constraints":[{"action":"x"}]}}}""", "states:a:constraints:0:constraint_type is missing; it is cooldown, max_frequency or temporal_exclusion.")]
    [InlineData("""{"policy_id":"p","version":"1","initial_state":"a","states":{"a":{"transitions":[{"action":"x","next_state":"a"}],"constraints":[{"constraint_type":"nap","action":"x","window_seconds":1}]}}}""", "states:a:constraints:0:constraint_type is \"nap\"; it is cooldown, max_frequency, temporal_exclusion.")]
    [InlineData("""{"policy_id":"p","version":"1","initial_state":"a","state":{}}""", "state is no setting of a guardrail.")]
    [InlineData("""[{"max_calls":1,"window":"1h"}]""", "policies:0:tool is missing; a rule is about a tool, or about a model, and not about both.")]
    [InlineData("""[{"tool":"x"}]""", "policies:0:max_calls, policies:0:cooldown or policies:0:exclude_hours is needed; the rule demands nothing.")]
    [InlineData("""[{"tool":"x","max_calls":1}]""", "policies:0:window is missing; max_calls counts within it.")]
    [InlineData("""[{"tool":"x","max_calls":0,"window":"1h"}]""", "policies:0:max_calls must be between 1 and 1000; to forbid calls, write a policy; for more, a limit.")]
    [InlineData("""[{"tool":"x","max_calls":"many","window":"1h"}]""", "0:max_calls must be a whole number.")]
    [InlineData("""[{"tool":"x","cooldown":"soon"}]""", "0:cooldown must be a time: 90 (seconds), \"90s\", \"10m\", \"1h\", \"7d\" or \"00:10:00\".")]
    [InlineData("""[{"tool":"x","cooldown":"40d"}]""", "policies:0:cooldown must be between one second and 31 days.")]
    [InlineData("""[{"tool":"x","cooldown":"1m","scope":"planet"}]""", "0:scope is \"planet\"; it is agent, session, user, tenant, global.")]
    [InlineData("""[{"tool":"x","exclude_hours":[24]}]""", "policies:0:exclude_hours holds \"24\"; it must be an hour from 0 to 23, or a range such as \"22-6\" or \"22:30-06:15\".")]
    [InlineData("""[{"tool":"x","exclude_hours":["0-24"]}]""", "policies:0:exclude_hours leaves no minute of the day; to forbid calls, write a policy.")]
    [InlineData("""[{"tool":"x","exclude_hours":[2],"time_zone":"Mars/Base"}]""", "policies:0:time_zone is \"Mars/Base\", which this machine does not know; name one of the IANA database, for example Europe/Berlin.")]
    [InlineData("""[{"tool":"a?*","cooldown":"1m"}]""", "policies:0:tool holds the pattern \"a?*\"; only * is a wildcard, and it cannot stand beside ? or a backslash.")]
    [InlineData("""[{"tool":"x","cooldown":"1m","name":"n"},{"tool":"x","cooldown":"1m","name":"n"}]""", "policies names \"n\" twice; each rule needs a name of its own.")]
    [InlineData("""[{"tool":"x","cooldown":"1m","cool_down":"1m"}]""", "0:cool_down is there twice.")]
    [InlineData("{}", "policies or states is needed, and not both.")]
    [InlineData("no json", "The guardrail is no JSON (line 1).")]
    public void A_fault_is_told_with_its_field(string json, string fault)
        => Assert.Contains(fault, Assert.Throws<FormatException>(() => GuardrailSet.Parse(json)).Message, StringComparison.Ordinal);

    [Fact]
    public void Several_faults_are_told_at_once()
    {
        var told = Assert.Throws<FormatException>(() => GuardrailSet.Parse(
            """
            {"policy_id":"p p","version":"1","mode":"x","initial_state":"z","states":{"a":{"transitions":[{"action":"","next_state":"q"}],
             "constraints":[{"constraint_type":"cooldown","action":"other","window_seconds":0,"max_count":0}]}}}
            """)).Message;
        Assert.All(
            ["id must be", "mode is", "initial_state is", "transitions:0:action is missing", "transitions:0:next_state is \"q\"", "constraints:0:action is \"other\"", "window_seconds must", "max_count must"],
            part => Assert.Contains(part, told, StringComparison.Ordinal));
    }

    [Fact]
    public void Both_forms_are_read_whole()
    {
        var list = GuardrailSet.Parse("""
            {"policy_id":"a.b","version":2,"mode":"Shadow","on_store_loss":"allow","policies":[
              {"tool":"send_*","max_calls":5,"window":"1h","cooldown":"00:00:30","exclude_hours":[2,"22-6"],"time_zone":"Europe/Berlin","scope":"user","count_failed":true,"name":"n"}]}
            """);
        var rule = Assert.Single(list.Rules);
        Assert.Equal(("a.b", "2", GuardrailMode.Shadow, GuardrailStoreLoss.Allow), (list.Id, list.Version, list.Mode, list.OnStoreLoss));
        Assert.Equal(("n", "send_*", 5, TimeSpan.FromHours(1), TimeSpan.FromSeconds(30)), (rule.Name, rule.Tool, rule.MaxCalls, rule.Window!.Value, rule.Cooldown!.Value));
        Assert.Equal((GuardrailScope.User, true, "Europe/Berlin"), (rule.Scope, rule.CountFailed, rule.TimeZone));
        Assert.Equal(["2", "22-6"], rule.ExcludeHours);

        var machine = GuardrailSet.Parse("""
            {"policy_id":"m","version":"1","description":"d","initial_state":"a","session_ttl":3600,"scope":"tenant","states":{
              "a":{"description":"x","transitions":[{"action":"go","next_state":"b","description":"y"}],
                   "constraints":[{"constraint_type":"max_frequency","action":"go","window_seconds":60,"max_count":3,"error_msg":"slow"}]},"b":{}}}
            """).Machine!;
        Assert.Equal(("a", TimeSpan.FromHours(1), GuardrailScope.Tenant, true), (machine.InitialState, machine.SessionTtl, machine.Scope, machine.Closed));
        var constraint = Assert.Single(machine.States["a"].Constraints);
        Assert.Equal((GuardrailConstraintKind.MaxFrequency, "go", TimeSpan.FromMinutes(1), 3, "slow"), (constraint.Kind, constraint.Action, constraint.Window, constraint.MaxCount, constraint.ErrorMessage));
    }
}
