using System.Text;
using AgentGate.Cedar.Syntax;

namespace AgentGate.Cedar.Tests.Syntax;

public sealed class PolicyJsonTests
{
    private const string Scope = "\"effect\":\"permit\",\"principal\":{\"op\":\"All\"},\"action\":{\"op\":\"All\"},\"resource\":{\"op\":\"All\"}";

    [Theory]
    [InlineData("1", """{"Value":1}""")]
    [InlineData("-9223372036854775808", """{"Value":-9223372036854775808}""")]
    [InlineData("9223372036854775807", """{"Value":9223372036854775807}""")]
    [InlineData("-(1)", """{"neg":{"arg":{"Value":1}}}""")]
    [InlineData("--1", """{"neg":{"arg":{"Value":-1}}}""")]
    [InlineData("true", """{"Value":true}""")]
    [InlineData("\"a\\n\"", """{"Value":"a\n"}""")]
    [InlineData("A::B::\"x\"", """{"Value":{"__entity":{"type":"A::B","id":"x"}}}""")]
    [InlineData("context", """{"Var":"context"}""")]
    [InlineData("!principal", """{"!":{"arg":{"Var":"principal"}}}""")]
    [InlineData("1 > 2", """{">":{"left":{"Value":1},"right":{"Value":2}}}""")]
    [InlineData("1 != 2", """{"!=":{"left":{"Value":1},"right":{"Value":2}}}""")]
    [InlineData("1 + 2 - 3", """{"-":{"left":{"+":{"left":{"Value":1},"right":{"Value":2}}},"right":{"Value":3}}}""")]
    [InlineData("true && false || true", """{"||":{"left":{"&&":{"left":{"Value":true},"right":{"Value":false}}},"right":{"Value":true}}}""")]
    [InlineData("context.a", """{".":{"left":{"Var":"context"},"attr":"a"}}""")]
    [InlineData("context[\"a b\"]", """{".":{"left":{"Var":"context"},"attr":"a b"}}""")]
    [InlineData("context has a", """{"has":{"left":{"Var":"context"},"attr":"a"}}""")]
    [InlineData("context has a.b", """{"has":{"left":{"Var":"context"},"attr":["a","b"]}}""")]
    [InlineData("{a: 1} has a.b", """{"has":{"left":{"Record":{"a":{"Value":1}}},"attr":["a","b"]}}""")]
    [InlineData("\"a\" like \"a*\\*\"", """{"like":{"left":{"Value":"a"},"pattern":[{"Literal":"a"},"Wildcard",{"Literal":"*"}]}}""")]
    [InlineData("principal is A::B", """{"is":{"left":{"Var":"principal"},"entity_type":"A::B"}}""")]
    [InlineData("principal is A in resource", """{"is":{"left":{"Var":"principal"},"entity_type":"A","in":{"Var":"resource"}}}""")]
    [InlineData("if true then 1 else 2", """{"if-then-else":{"if":{"Value":true},"then":{"Value":1},"else":{"Value":2}}}""")]
    [InlineData("[1, true]", """{"Set":[{"Value":1},{"Value":true}]}""")]
    [InlineData("{b: 1, a: 2}", """{"Record":{"a":{"Value":2},"b":{"Value":1}}}""")]
    [InlineData("ip(\"1.1.1.1\").isInRange(ip(\"::1\"))", """{"isInRange":[{"ip":[{"Value":"1.1.1.1"}]},{"ip":[{"Value":"::1"}]}]}""")]
    [InlineData("[1].isEmpty()", """{"isEmpty":{"arg":{"Set":[{"Value":1}]}}}""")]
    [InlineData("[1].contains(1)", """{"contains":{"left":{"Set":[{"Value":1}]},"right":{"Value":1}}}""")]
    [InlineData("principal.getTag(\"a\")", """{"getTag":{"left":{"Var":"principal"},"right":{"Value":"a"}}}""")]
    public void An_expression_has_one_JSON_form_that_reads_back_to_it(string text, string json)
    {
        var policy = Assert.Single(PolicySet.Parse($"permit(principal, action, resource) when {{ {text} }};").Policies);
        var expected = $$"""{{{Scope}},"conditions":[{"kind":"when","body":{{json}}}]}""";
        Assert.Equal(expected, Encoding.UTF8.GetString(PolicyJson.Write(policy)));
        Assert.Equal(expected, Encoding.UTF8.GetString(PolicyJson.Write(PolicyJson.Parse("p", Encoding.UTF8.GetBytes(expected)))));
    }

    [Theory]
    [InlineData("principal == A::\"x\", action == Action::\"a\", resource in B::\"y\"", """{"principal":{"op":"==","entity":{"type":"A","id":"x"}},"action":{"op":"==","entity":{"type":"Action","id":"a"}},"resource":{"op":"in","entity":{"type":"B","id":"y"}}}""")]
    [InlineData("principal is A, action in [Action::\"a\", N::Action::\"b\"], resource is A in B::\"y\"", """{"principal":{"op":"is","entity_type":"A"},"action":{"op":"in","entities":[{"type":"Action","id":"a"},{"type":"N::Action","id":"b"}]},"resource":{"op":"is","entity_type":"A","in":{"entity":{"type":"B","id":"y"}}}}""")]
    [InlineData("principal == ?principal, action in Action::\"a\", resource in ?resource", """{"principal":{"op":"==","slot":"?principal"},"action":{"op":"in","entity":{"type":"Action","id":"a"}},"resource":{"op":"in","slot":"?resource"}}""")]
    [InlineData("principal is A in ?principal, action in [], resource", """{"principal":{"op":"is","entity_type":"A","in":{"slot":"?principal"}},"action":{"op":"in","entities":[]},"resource":{"op":"All"}}""")]
    public void A_scope_has_one_JSON_form_that_reads_back_to_it(string scope, string json)
    {
        var set = PolicySet.Parse($"@b(\"2\") @a forbid({scope}) unless {{ true }};");
        var policy = set.Policies.Concat(set.Templates).Single();
        var expected = $$$"""{"effect":"forbid",{{{json[1..^1]}}},"conditions":[{"kind":"unless","body":{"Value":true}}],"annotations":{"a":"","b":"2"}}""";
        Assert.Equal(expected, Encoding.UTF8.GetString(PolicyJson.Write(policy)));
        var read = PolicyJson.Parse("p", Encoding.UTF8.GetBytes(expected));
        Assert.Equal(policy.IsTemplate, read.IsTemplate);
        Assert.Equal(expected, Encoding.UTF8.GetString(PolicyJson.Write(read)));
    }

    [Theory]
    [InlineData("""[1, "a", true, {"b": {"__entity": {"type": "A", "id": "x"}}}]""", "[1, \"a\", true, {b: A::\"x\"}]")]
    [InlineData("""{"__extn": {"fn": "ip", "arg": "1.1.1.1"}}""", "ip(\"1.1.1.1\")")]
    [InlineData("""{"__extn": {"fn": "isInRange", "args": ["a", "b"]}}""", "\"a\".isInRange(\"b\")")]
    [InlineData("""{"__entity": {"type": "A"}}""", "{\"__entity\": {type: \"A\"}}")]
    [InlineData("""{"__entity": 1, "a": 2}""", "{\"__entity\": 1, a: 2}")]
    public void A_value_may_be_whole_and_hold_escapes(string value, string text)
    {
        var policy = Assert.Single(PolicySet.Parse($"permit(principal, action, resource) when {{ {text} }};").Policies);
        var read = PolicyJson.Parse("p", Encoding.UTF8.GetBytes($$$"""{{{{Scope}}},"conditions":[{"kind":"when","body":{"Value":{{{value}}}}}]}"""));
        Assert.Equal(PolicyJson.Write(policy), PolicyJson.Write(read));
    }

    [Theory]
    [InlineData("""{"Value":1.0}""", "conditions[0].body.Value: `1.0` is not a 64-bit integer")]
    [InlineData("""{"Value":1e2}""", "conditions[0].body.Value: `1e2` is not a 64-bit integer")]
    [InlineData("""{"Value":-0}""", "conditions[0].body.Value: `-0` is not a 64-bit integer")]
    [InlineData("""{"Value":9223372036854775808}""", "conditions[0].body.Value: `9223372036854775808` is not a 64-bit integer")]
    [InlineData("""{"Value":null}""", "conditions[0].body.Value: Cedar has no null")]
    [InlineData("""{"Value":{"__expr":"1"}}""", "conditions[0].body.Value: the escape `__expr` is no longer part of Cedar")]
    [InlineData("""{"Value":{"__extn":{"fn":"nope","arg":1}}}""", "conditions[0].body.Value: there is no operator or function `nope`")]
    [InlineData("""{"Value":{"__entity":{"type":"A B","id":"x"}}}""", "conditions[0].body.Value: `A B` is not an entity type")]
    [InlineData("""{"Var":"who"}""", "conditions[0].body.Var: there is no variable `who`")]
    [InlineData("""{"Slot":"?principal"}""", "conditions[0].body.Slot: a slot cannot be used in a condition")]
    [InlineData("""{"Unknown":[{"Value":"a"}]}""", "conditions[0].body.Unknown: there is no operator or function `Unknown`")]
    [InlineData("""{"unknown":[{"Value":"a"}]}""", "conditions[0].body.unknown: there is no operator or function `unknown`")]
    [InlineData("""{"isIpv4":[]}""", "conditions[0].body.isIpv4: the method `isIpv4` needs the value it is called on")]
    [InlineData("{}", "conditions[0].body: an expression has one key, the operator; this has none")]
    [InlineData("""{"Value":1,"Var":"context"}""", "conditions[0].body: an expression has one key, the operator; this has `Value` and `Var`")]
    [InlineData("""{"==":{"left":{"Value":1}}}""", "conditions[0].body.==: the key `right` is missing")]
    [InlineData("""{"==":{"left":{"Value":1},"right":{"Value":1},"x":1}}""", "conditions[0].body.==: the key `x` has no meaning here")]
    [InlineData("""{"&&":{"left":{"Value":true},"right":{"!":{"arg":1}}}}""", "conditions[0].body.&&.right.!.arg: expected an expression, an object, found a number")]
    [InlineData("""{"has":{"left":{"Value":1},"attr":[]}}""", "conditions[0].body.has: the path of `has` is empty")]
    [InlineData("""{"like":{"left":{"Value":"a"},"pattern":["*"]}}""", "conditions[0].body.like.pattern: a piece of a pattern is")]
    [InlineData("""{"is":{"left":{"Var":"context"},"entity_type":"__cedar::A"}}""", "conditions[0].body.is.entity_type: `__cedar::A` is not an entity type")]
    [InlineData("""{"Record":{"a":{"Value":1},"a":{"Value":2}}}""", "this is not the JSON that is expected")]
    [InlineData("""{"Value":"\ud800"}""", "conditions[0].body.Value: the text is not Unicode")]
    public void A_wrong_expression_is_refused_with_its_place(string body, string message)
        => Refused($$$"""{{{{Scope}}},"conditions":[{"kind":"when","body":{{{body}}}}]}""", message);

    [Theory]
    [InlineData("""{"principal":{"op":"All"},"action":{"op":"All"},"resource":{"op":"All"},"conditions":[]}""", "the key `effect` is missing")]
    [InlineData("""{"effect":"allow","principal":{"op":"All"},"action":{"op":"All"},"resource":{"op":"All"},"conditions":[]}""", "effect: expected `permit` or `forbid`, found `allow`")]
    [InlineData("""{"effect":"permit","principal":{"op":"=="},"action":{"op":"All"},"resource":{"op":"All"},"conditions":[]}""", "principal: expected either `entity` or `slot`")]
    [InlineData("""{"effect":"permit","principal":{"op":"==","slot":"?resource"},"action":{"op":"All"},"resource":{"op":"All"},"conditions":[]}""", "principal: expected the slot `?principal`, found `?resource`")]
    [InlineData("""{"effect":"permit","principal":{"op":"All"},"action":{"op":"==","slot":"?action"},"resource":{"op":"All"},"conditions":[]}""", "action: the key `slot` has no meaning here")]
    [InlineData("""{"effect":"permit","principal":{"op":"All"},"action":{"op":"==","entity":{"type":"User","id":"a"}},"resource":{"op":"All"},"conditions":[]}""", "action.entity: `User::\"a\"` is not an action")]
    [InlineData("""{"effect":"permit","principal":{"op":"All"},"action":{"op":"is"},"resource":{"op":"All"},"conditions":[]}""", "action: `is` is not allowed for the action")]
    [InlineData("""{"effect":"permit","principal":{"op":"like"},"action":{"op":"All"},"resource":{"op":"All"},"conditions":[]}""", "principal: `like` is not allowed in the scope")]
    [InlineData("""{"effect":"permit","principal":{"op":"All"},"action":{"op":"All"},"resource":{"op":"All"},"conditions":[{"kind":"if","body":{"Value":true}}]}""", "conditions[0]: expected `when` or `unless`, found `if`")]
    [InlineData("""{"effect":"permit","principal":{"op":"All"},"action":{"op":"All"},"resource":{"op":"All"},"conditions":[],"annotations":{"a b":"1"}}""", "annotations: `a b` cannot name an annotation")]
    [InlineData("""{"effect":"permit","principal":{"op":"All"},"action":{"op":"All"},"resource":{"op":"All"},"conditions":[],"note":1}""", "the key `note` has no meaning here")]
    [InlineData("""{"effect":"permit","effect":"permit","principal":{"op":"All"},"action":{"op":"All"},"resource":{"op":"All"},"conditions":[]}""", "this is not the JSON that is expected")]
    [InlineData("[]", "expected an object, found a list")]
    [InlineData("", "this is not the JSON that is expected at line 1, byte 1")]
    public void A_wrong_policy_is_refused_with_its_place(string json, string message) => Refused(json, message);

    [Fact]
    public void An_entity_of_a_scope_may_be_escaped_and_an_annotation_null()
    {
        var policy = PolicyJson.Parse("p", """{"annotations":{"a":null},"conditions":[],"resource":{"op":"all"},"action":{"op":"All"},"principal":{"entity":{"__entity":{"id":"x","type":"A"}},"op":"=="},"effect":"permit"}"""u8);
        Assert.Equal("permit (principal == A::\"x\", action, resource);", $"permit ({Assert.IsType<ScopeConstraint.Equal>(policy.Principal) switch { var e => $"principal == {e.Entity}" }}, action, resource);");
        Assert.Equal("", policy.Annotation("a"));
    }

    [Fact]
    public void A_set_with_templates_and_links_reads_back_to_the_same_bytes()
    {
        var set = PolicySet.Parse("permit(principal, action, resource); permit(principal == ?principal, action, resource in ?resource) when { true };")
            .Link(new TemplateLink("policy1", "linked", new("User", "a"), new("Folder", "f")));
        var json = set.ToJson();
        var again = PolicySet.ParseJson(json);
        Assert.Equal(Encoding.UTF8.GetString(json), Encoding.UTF8.GetString(again.ToJson()));
        Assert.Equal("policy1", again.Policies.Single(policy => policy.Id == "linked").TemplateId);
        Assert.Equal(["policy0", "linked"], again.Policies.Select(policy => policy.Id));
        Assert.Equal("policy1", Assert.Single(again.Templates).Id);
        Assert.EndsWith("""
            "templateLinks":[{"templateId":"policy1","newId":"linked","values":{"?principal":{"type":"User","id":"a"},"?resource":{"type":"Folder","id":"f"}}}]}
            """.Trim(), Encoding.UTF8.GetString(json), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"staticPolicies":{},"templates":{}}""", "the key `templateLinks` is missing")]
    [InlineData("""{"staticPolicies":{},"templates":{},"templateLinks":[{"templateId":"t","newId":"n","values":{}}]}""", "there is no template `t`")]
    [InlineData("""{"staticPolicies":[],"templates":{},"templateLinks":[]}""", "staticPolicies: expected an object of policies, found a list")]
    [InlineData("""{"staticPolicies":{"t":{"effect":"permit","principal":{"op":"==","slot":"?principal"},"action":{"op":"All"},"resource":{"op":"All"},"conditions":[]}},"templates":{},"templateLinks":[]}""", "staticPolicies.t: a static policy has no slots")]
    [InlineData("""{"templates":{"t":{"effect":"permit","principal":{"op":"All"},"action":{"op":"All"},"resource":{"op":"All"},"conditions":[]}},"staticPolicies":{},"templateLinks":[]}""", "templates.t: the template has no slot")]
    [InlineData("""{"templates":{"t":{"effect":"permit","principal":{"op":"==","slot":"?principal"},"action":{"op":"All"},"resource":{"op":"All"},"conditions":[]}},"staticPolicies":{},"templateLinks":[{"templateId":"t","newId":"n","values":{}}]}""", "the slot `?principal` of template `t` has no value")]
    [InlineData("""{"templates":{"t":{"effect":"permit","principal":{"op":"==","slot":"?principal"},"action":{"op":"All"},"resource":{"op":"All"},"conditions":[]}},"staticPolicies":{},"templateLinks":[{"templateId":"t","newId":"t","values":{"?principal":{"type":"A","id":"b"}}}]}""", "the policy id `t` is taken")]
    [InlineData("""{"templates":{},"staticPolicies":{"a":{"effect":"permit","principal":{"op":"All"},"action":{"op":"All"},"resource":{"op":"All"},"conditions":[]},"a":{"effect":"permit","principal":{"op":"All"},"action":{"op":"All"},"resource":{"op":"All"},"conditions":[]}},"templateLinks":[]}""", "this is not the JSON that is expected")]
    public void A_wrong_set_is_refused_with_its_place(string json, string message)
        => Assert.StartsWith(message, Assert.Throws<PolicySyntaxException>(() => PolicySet.ParseJson(Encoding.UTF8.GetBytes(json))).Message, StringComparison.Ordinal);

    [Fact]
    public void Nested_paths_of_has_do_not_grow_when_written()
    {
        var text = string.Concat(Enumerable.Repeat("(", 300)) + "context" + string.Concat(Enumerable.Repeat(" has a.b)", 300));
        var json = PolicyJson.Write(Assert.Single(PolicySet.Parse($"permit(principal, action, resource) when {{ {text} }};").Policies));
        Assert.InRange(json.Length, 1, 50_000);
        Assert.Equal(json, PolicyJson.Write(PolicyJson.Parse("p", json)));
    }

    [Fact]
    public void An_expression_as_deep_as_the_limit_survives_the_round_trip()
    {
        var text = "true" + string.Concat(Enumerable.Repeat(" && true", CedarLimits.MaxDepth - 1));
        var policy = Assert.Single(PolicySet.Parse($"permit(principal, action, resource) when {{ {text} }};").Policies);
        var json = PolicyJson.Write(policy);
        Assert.Equal(json, PolicyJson.Write(PolicyJson.Parse("p", json)));
    }

    [Theory]
    [InlineData("{\"!\":{\"arg\":", "{\"Value\":true}", "}}")]
    [InlineData("{\"Set\":[", "{\"Value\":true}", "]}")]
    [InlineData("{\"Record\":{\"a\":", "{\"Value\":true}", "}}")]
    [InlineData("{\"ip\":[", "{\"Value\":true}", "]}")]
    [InlineData("{\"Value\":[", "1", "]}")]
    public void A_hostile_depth_is_refused(string open, string middle, string close)
    {
        foreach (var depth in new[] { CedarLimits.MaxDepth, 100_000 })
        {
            var body = string.Concat(Enumerable.Repeat(open, depth)) + middle + string.Concat(Enumerable.Repeat(close, depth));
            Assert.Throws<PolicySyntaxException>(() => PolicyJson.Parse("p", Encoding.UTF8.GetBytes($$$"""{{{{Scope}}},"conditions":[{"kind":"when","body":{{{body}}}}]}""")));
        }
    }

    private static void Refused(string json, string message)
        => Assert.StartsWith(message, Assert.Throws<PolicySyntaxException>(() => PolicyJson.Parse("p", Encoding.UTF8.GetBytes(json))).Message, StringComparison.Ordinal);
}
