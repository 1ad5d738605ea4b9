using AgentGate.Diagnostics;
using AgentGate.Kernel.Decisions;
using AgentGate.Policies;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace AgentGate.Tests.Policies;

/// <summary>Policies come from files, a directory, configuration and the short form, and none of them is used unless all of them can be.</summary>
public sealed class ConfiguredPoliciesTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("agentgate-policies-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private string Write(string name, string text)
    {
        var path = Path.Combine(_directory, name);
        File.WriteAllText(path, text);
        return path;
    }

    [Fact]
    public void All_sources_make_one_set_and_each_policy_says_where_it_came_from()
    {
        var single = Write("single.txt", """permit (principal, action == AgentGate::Action::"listModels", resource);""");
        var more = Directory.CreateDirectory(Path.Combine(_directory, "more")).FullName;
        File.WriteAllText(Path.Combine(more, "b.cedar"), """@id("named") permit (principal, action, resource);""");
        File.WriteAllText(Path.Combine(more, "a.cedar"), "forbid (principal, action, resource); permit (principal, action, resource);");
        File.WriteAllText(Path.Combine(more, "notes.md"), "not a policy");
        var options = new PolicyOptions
        {
            Files = { single }, Directory = more, Inline = { "permit (principal, action, resource);" }, Permit = { new PolicyRule() }, Forbid = { new PolicyRule { Resource = "a*" } },
        };

        Assert.Empty(ConfiguredPolicies.Read(options, out var policies));

        Assert.Equal(
            ["single.txt/policy0", "a.cedar/policy0", "a.cedar/policy1", "named", "AgentGate:Policies:Inline:0/policy0", "AgentGate:Policies:Permit:0", "AgentGate:Policies:Forbid:0"],
            policies.Policies.Select(policy => policy.Id));
    }

    [Fact]
    public void What_does_not_parse_is_told_with_file_line_column_and_a_caret()
    {
        var path = Write("broken.cedar", "permit (principal, action, resource)\nwhen { resource.id = \"a\" };\n");

        var fault = Assert.Single(ConfiguredPolicies.Read(new PolicyOptions { Files = { path } }, out _));

        Assert.StartsWith("broken.cedar:2:20: ", fault, StringComparison.Ordinal);
        Assert.Contains("when { resource.id = \"a\" };", fault, StringComparison.Ordinal);
        Assert.Contains('^', fault);
    }

    [Fact]
    public void What_does_not_fit_the_schema_is_told_with_its_place()
    {
        var path = Write("unfit.cedar", "// first line\n@id(\"typo\")\npermit (principal, action == AgentGate::Action::\"callTool\", resource)\nwhen { resource.nmae == \"a\" };\n");

        var fault = ConfiguredPolicies.Read(new PolicyOptions { Files = { path } }, out _).First();

        Assert.StartsWith("unfit.cedar:4:", fault, StringComparison.Ordinal);
        Assert.Contains("nmae", fault, StringComparison.Ordinal);
        Assert.Contains("typo", fault, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_policies_of_one_id_are_refused_with_both_places()
    {
        var options = new PolicyOptions { Files = { Write("one.cedar", """@id("x") permit (principal, action, resource);""") }, Inline = { """@id("x") forbid (principal, action, resource);""" } };

        var fault = Assert.Single(ConfiguredPolicies.Read(options, out _));

        Assert.Contains("one.cedar", fault, StringComparison.Ordinal);
        Assert.Contains("AgentGate:Policies:Inline:0", fault, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_or_directory_that_is_not_there_is_told()
    {
        Assert.Contains("gone.cedar", Assert.Single(ConfiguredPolicies.Read(new PolicyOptions { Files = { Path.Combine(_directory, "gone.cedar") } }, out _)), StringComparison.Ordinal);
        Assert.Contains("gone", Assert.Single(ConfiguredPolicies.Read(new PolicyOptions { Directory = Path.Combine(_directory, "gone") }, out _)), StringComparison.Ordinal);
    }

    [Fact]
    public void An_application_whose_policies_cannot_be_used_gets_no_gate()
    {
        var options = new PolicyOptions { Inline = { "permit (principal, action, resource) when { context.mfa };" } };

        var refused = Assert.Throws<OptionsValidationException>(() => PoliciesServiceCollectionExtensions.Configured(options));

        Assert.Contains("mfa", refused.Message, StringComparison.Ordinal);
        Assert.StartsWith(Codes.ConfigurationInvalid + ": AgentGate:Policies:Inline:0:1:", new PolicyOptionsValidator().Validate(null, options).FailureMessage, StringComparison.Ordinal);
    }

    [Fact]
    public void No_policies_deny_everything()
        => Assert.Equal(Codes.NotPermitted, new PolicyFixture().Refusal(GateActions.CallTool, EntityRef.Tool("x")));

    [Theory]
    [InlineData("*", "*", "*")]
    [InlineData("callTool", "a*b*", "agent_*")]
    [InlineData("call*", "A\"); permit (principal, action, resource); //", "*")]
    [InlineData("read", "\\", "x")]
    public void A_rule_of_the_short_form_is_valid_whatever_its_patterns_hold(string action, string resource, string principal)
    {
        var rule = new PolicyRule { Action = action, Resource = resource, Principal = principal };

        Assert.Empty(ConfiguredPolicies.Read(new PolicyOptions { Permit = { rule }, Forbid = { rule } }, out var policies));
        Assert.Equal(2, policies.Policies.Count);
    }
}
