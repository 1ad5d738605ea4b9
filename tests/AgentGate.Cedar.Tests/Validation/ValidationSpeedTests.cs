using System.Diagnostics;
using System.Globalization;
using System.Text;
using AgentGate.Cedar.Schema;
using AgentGate.Cedar.Syntax;
using AgentGate.Cedar.Validation;

namespace AgentGate.Cedar.Tests.Validation;

/// <summary>Validation keeps up with large sets and large schemas. The bounds are loose: they catch a wrong order of growth, not a slow machine.</summary>
public sealed class ValidationSpeedTests
{
    [Fact]
    public void A_thousand_policies_over_thousands_of_environments_take_no_minute()
    {
        var schema = new StringBuilder("entity Team; ");
        for (var i = 0; i < 10; i++)
        {
            schema.Append(CultureInfo.InvariantCulture, $"entity P{i} in Team {{ name: String, age?: Long }}; entity R{i} {{ owner: String, size: Long }};\n");
        }

        for (var i = 0; i < 50; i++)
        {
            schema.Append(CultureInfo.InvariantCulture, $"action a{i} appliesTo {{ principal: [{Names("P")}], resource: [{Names("R")}], context: {{ n: Long }} }};\n");
        }

        var policies = new StringBuilder();
        for (var i = 0; i < 250; i++)
        {
            policies.Append(CultureInfo.InvariantCulture, $$"""
                permit(principal, action == Action::"a{{i % 50}}", resource is R{{i % 10}}) when { principal.name == resource.owner && context.n > {{i}} };
                permit(principal in Team::"t{{i}}", action, resource) when { principal has age && principal.age > {{i}} };
                forbid(principal, action, resource) when { resource.size > {{i}} };
                permit(principal is P{{i % 10}}, action in [Action::"a1", Action::"a2"], resource) when { principal.name == resource.owner };
                """);
        }

        var validator = new Validator(CedarSchema.Parse(schema.ToString()));
        var set = PolicySet.Parse(policies.ToString());
        Assert.Equal((1_000, 5_000), (set.Policies.Count, validator.Environments.Length));
        var clock = Stopwatch.StartNew();

        var result = validator.Validate(set);

        Assert.Empty(result.Errors);
        Assert.Empty(result.Warnings);
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(30), $"took {clock.Elapsed}");
        TestContext.Current.SendDiagnosticMessage($"1,000 policies, 5,000 environments: {clock.ElapsedMilliseconds} ms");

        static string Names(string prefix) => string.Join(", ", Enumerable.Range(0, 10).Select(i => prefix + i.ToString(CultureInfo.InvariantCulture)));
    }
}
