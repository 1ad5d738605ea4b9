using System.Text.Json;
using AgentGate.Cedar.Entities;
using AgentGate.Cedar.Syntax;
using AgentGate.Diagnostics;
using AgentGate.Kernel.Decisions;
using AgentGate.Pipeline;
using AgentGate.Policies;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace AgentGate.Tests.Policies;

/// <summary>Names are values: whatever text a tool, a model, a principal, an argument or a rule holds, it is never read as policy.</summary>
public sealed class ValueLawTests
{
    private const string Injection = "\"); permit (principal, action, resource); //";

    private static Arbitrary<string> Names => Gen.OneOf(
        Gen.Elements(
            "safe", Injection, "AgentGate::Tool::\"safe\"", "safe\"", "\"safe\"", "safe\\", "\\u{73}afe", "safe\0", "sa*e", "*", "safe*", "SAFE", "", " safe",
            "safe/safe", "Tool::\"x\" || true", "resource == resource", "@id(\"all\")", "\n\r\t", "\ud800", "s\u0301afe", "ſafe", "\u202esafe", "safé", "😀", "// x", "${safe}"),
        ArbMap.Default.GeneratorFor<string>().Select(text => text ?? ""),
        from left in ArbMap.Default.GeneratorFor<string>() from right in ArbMap.Default.GeneratorFor<string>() select left + Injection + right).ToArbitrary();

    [Property]
    public Property No_name_of_a_tool_or_model_is_permitted_but_the_one_that_is_meant()
    {
        var fixture = new PolicyFixture(
            """
            permit (principal, action == AgentGate::Action::"callTool", resource == AgentGate::Tool::"safe");
            permit (principal, action == AgentGate::Action::"callModel", resource == AgentGate::Model::"safe");
            """);
        return Prop.ForAll(Names, name =>
            (fixture.Refusal(GateActions.CallTool, EntityRef.Tool(name)) is null) == (name == "safe")
            && (fixture.Refusal(GateActions.CallModel, EntityRef.Model(name)) is null) == (name == "safe"));
    }

    [Property]
    public Property No_id_of_a_principal_is_permitted_but_the_one_that_is_meant()
    {
        var fixture = new PolicyFixture("""permit (principal == AgentGate::Agent::"safe", action, resource);""");
        return Prop.ForAll(Names, id =>
        {
            var call = PolicyFixture.Call(GateActions.CallModel, EntityRef.Model("m"), principal: new Principal { Id = id, Tenant = "t", Scopes = [Injection] });
            // An id that is no Unicode text makes the guard throw, and the gate closes.
            return Assert.IsType<bool>(id.EnumerateRunes().Any(rune => rune.Value == 0xFFFD) || (fixture.Refusal(call) is null) == (id == "safe"));
        });
    }

    [Property]
    public Property No_argument_is_permitted_but_the_one_that_is_meant()
    {
        var fixture = new PolicyFixture(
            """
            permit (principal, action == AgentGate::Action::"callTool", resource);
            permit (principal, action == AgentGate::Action::"send", resource == AgentGate::Item::"safe");
            """).Declare("mail", "to", ArgumentKind.Text, GateActions.Send);
        return Prop.ForAll(Names, name => name.Contains('\ud800', StringComparison.Ordinal) || name.EnumerateRunes().Any(rune => rune.Value == 0xFFFD)
            || name.AsSpan().TrimStart() is ['{' or '[', ..]
            || (fixture.Refusal("mail", "to", name) is null) == (name == "safe"));
    }

    [Property]
    public Property A_rule_of_configuration_makes_one_policy_whatever_its_patterns_hold()
        => Prop.ForAll(Names, Names, (resource, principal) =>
        {
            if (!Wildcard.IsValid(resource) || !Wildcard.IsValid(principal))
            {
                return true;
            }

            var rule = new PolicyRule { Resource = resource, Principal = principal };
            var faults = ConfiguredPolicies.Read(new PolicyOptions { Permit = { rule }, Forbid = { rule } }, out var policies);
            var read = PolicySet.Parse(policies.ToString());
            return faults.IsEmpty && policies.Policies.Count == 2 && read.Policies.Count == 2
                && read.Policies.Select(policy => policy.Effect).SequenceEqual([PolicyEffect.Permit, PolicyEffect.Forbid]);
        });

    [Property]
    public Property A_rule_means_what_its_pattern_always_meant()
        => Prop.ForAll(Names, Names, (pattern, name) =>
        {
            if (!Wildcard.IsValid(pattern) || !Wildcard.IsComparable(name))
            {
                return true;
            }

            var permitting = new PolicyFixture();
            permitting.Options.Permit.Add(new PolicyRule { Resource = pattern });
            var forbidding = new PolicyFixture(PolicyFixture.PermitAll);
            forbidding.Options.Forbid.Add(new PolicyRule { Resource = pattern });
            return (permitting.Refusal(GateActions.CallTool, EntityRef.Tool(name)) is null) == Wildcard.IsMatch(pattern, name, ignoreCase: false)
                && (!Wildcard.IsMatch(pattern, name, ignoreCase: true) || forbidding.Refusal(GateActions.CallTool, EntityRef.Tool(name)) == Codes.Forbidden);
        });

    [Property]
    public Property A_request_that_is_exported_is_read_back_as_it_was()
        => Prop.ForAll(Names, name =>
        {
            if (!Wildcard.IsComparable(name))
            {
                return true;
            }

            var call = PolicyFixture.Call(GateActions.CallTool, EntityRef.Tool(name));
            var policies = new CallPolicies(call, new PolicyEntities(new AgentGate.Tools.ToolCatalog(Microsoft.Extensions.Options.Options.Create(new AgentGate.Tools.ToolOptions()))));
            policies.Add();
            var request = policies.Required[0].Request;
            var entities = EntitiesJson.Parse(PolicyRequestJson.Entities(request), PublishedSchema.Schema);
            using var json = JsonDocument.Parse(PolicyRequestJson.Request(request));
            var context = EntitiesJson.ParseContext(
                System.Text.Encoding.UTF8.GetBytes(json.RootElement.GetProperty("context").GetRawText()), PublishedSchema.Schema, request.Request.Action);
            return context.Equals(request.Request.Context)
                && json.RootElement.GetProperty("resource").GetString() == request.Request.Resource.ToString()
                && entities.TryGet(request.Request.Resource, out var tool) && request.Entities.TryGet(request.Request.Resource, out var same)
                && tool.Attributes.Equals(same.Attributes);
        });
}
