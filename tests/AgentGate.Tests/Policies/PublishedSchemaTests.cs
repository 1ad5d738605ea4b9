using AgentGate.Cedar.Syntax;
using AgentGate.Diagnostics;
using AgentGate.Kernel.Decisions;
using AgentGate.Cedar.Validation;
using AgentGate.Policies;
using AgentGate.Policies.Targets;
using AgentGate.Tools;

namespace AgentGate.Tests.Policies;

/// <summary>The schema, the words of the gate and the shipped policies say the same.</summary>
public sealed class PublishedSchemaTests
{
    [Fact]
    public void The_schema_has_the_actions_of_the_gate_and_no_others()
        => Assert.Equal(
            GateActions.All.Concat(GateActions.Effects).Order(StringComparer.Ordinal),
            PublishedSchema.Schema.Actions.Keys.Select(action => action.Id).Order(StringComparer.Ordinal));

    [Fact]
    public void The_gate_knows_the_groups_of_actions_the_schema_declares()
        => Assert.Equal(
            PublishedSchema.Schema.ActionEntities().Select(Line).Order(StringComparer.Ordinal),
            PolicyNames.ActionEntities.Select(Line).Order(StringComparer.Ordinal));

    private static string Line(AgentGate.Cedar.Entities.Entity entity) => $"{entity.Uid} in [{string.Join(", ", entity.Parents.Select(parent => parent.Id))}]";

    [Fact]
    public void The_shipped_policies_fit_the_schema_strictly_and_without_warnings()
    {
        var result = PublishedSchema.Validate(PolicySet.Parse(ShippedPolicies.Text, PolicyIdSource.IdAnnotation));

        Assert.Empty(result.Errors);
        Assert.Empty(result.Warnings);
    }

    [Theory]
    [InlineData("""forbid (principal, action, resource) when { resource.key like "Delete_*" };""", "never true")]
    [InlineData("""permit (principal, action, resource) when { resource.key == "GPT" };""", "never true")]
    [InlineData("""permit (principal in AgentGate::Role::"Admin", action, resource);""", "nothing is ever in")]
    [InlineData("""forbid (principal, action, resource in AgentGate::Path::"/Prod");""", "in this case of its letters alone")]
    [InlineData("""forbid (principal, action, resource == AgentGate::Tool::"pay");""", "in this case of its letters alone")]
    [InlineData("""forbid (principal, action, resource is AgentGate::Tool) when { resource.id like "delete_*" };""", "slips past")]
    public void A_policy_that_does_not_mean_what_it_seems_to_is_warned_about(string text, string warning)
    {
        var result = PublishedSchema.Validate(PolicySet.Parse(text));

        Assert.Empty(result.Errors);
        Assert.Contains(result.Warnings, found => found.Diagnostic.Message.Contains(warning, StringComparison.Ordinal) && found.Diagnostic.Line == 1);
    }

    [Theory]
    [InlineData("""forbid (principal, action, resource) when { resource.key like "delete_*" };""")]
    [InlineData("""permit (principal, action, resource == AgentGate::Tool::"Pay");""")]
    [InlineData("""forbid (principal, action, resource in AgentGate::Path::"/prod") unless { resource in AgentGate::Path::"/prod/Public" };""")]
    [InlineData("""forbid (principal, action, resource is AgentGate::Tool) unless { resource.id == "sendMail" };""")]
    public void A_policy_that_means_what_it_says_is_not(string text)
        => Assert.Empty(PublishedSchema.Validate(PolicySet.Parse(text)).Warnings);

    [Fact]
    public void Only_a_key_with_the_scope_activates_policies_under_the_shipped_default()
    {
        var fixture = new PolicyFixture();
        fixture.Options.UseShippedDefault = true;
        var call = PolicyFixture.Call(GateActions.ActivatePolicy, new EntityRef(EntityRef.PolicySetType, "t"));

        Assert.Equal(Codes.NotPermitted, fixture.Refusal(call));
        Assert.Null(fixture.Refusal(call with { Principal = call.Principal with { Scopes = ["policies:write"] } }));
    }

    [Theory]
    [InlineData(GateActions.IssueGrant)]
    [InlineData(GateActions.RevokeGrant)]
    public void Only_a_key_with_the_scope_issues_and_revokes_under_the_shipped_default(string action)
    {
        var fixture = new PolicyFixture();
        fixture.Options.UseShippedDefault = true;
        var call = PolicyFixture.Call(action, new EntityRef(EntityRef.GrantType, "agent_boss"));

        Assert.Equal(Codes.NotPermitted, fixture.Refusal(call));
        Assert.Null(fixture.Refusal(call with { Principal = call.Principal with { Scopes = ["delegation:write"] } }));
    }

    [Fact]
    public void A_policy_can_let_agents_pass_on_their_own_authority_and_no_other()
    {
        var fixture = new PolicyFixture(
            """permit (principal, action == AgentGate::Action::"issueGrant", resource is AgentGate::Grant) when { resource.id == principal.id };""");
        var call = PolicyFixture.Call(GateActions.IssueGrant, new EntityRef(EntityRef.GrantType, "agent_boss"));

        Assert.Equal(Codes.NotPermitted, fixture.Refusal(call));
        Assert.Null(fixture.Refusal(call with { Resource = new EntityRef(EntityRef.GrantType, call.Principal.Id) }));
    }

    [Fact]
    public void Every_kind_of_call_can_be_asked()
        => Assert.All(
            new (string Action, string Type)[]
            {
                (GateActions.CallModel, EntityRef.ModelType), (GateActions.Embed, EntityRef.ModelType), (GateActions.CountTokens, EntityRef.ModelType),
                (GateActions.ListModels, EntityRef.ModelListType), (GateActions.CallTool, EntityRef.ToolType), (GateActions.RestoreValues, EntityRef.ToolType),
                (GateActions.UseProviderTool, EntityRef.ProviderToolType), (GateActions.FetchContent, EntityRef.FetchedContentType),
                (GateActions.ActivatePolicy, EntityRef.PolicySetType), (GateActions.IssueGrant, EntityRef.GrantType), (GateActions.RevokeGrant, EntityRef.GrantType),
            },
            asked => Assert.Null(new PolicyFixture(PolicyFixture.PermitAll).Refusal(asked.Action, new EntityRef(asked.Type, "x"))));

    [Fact]
    public void Every_request_and_every_entity_of_the_gate_fits_the_schema()
    {
        var tools = new ToolOptions
        {
            Declared = { new ToolRule { Tool = "*", Effects = { "read" }, Groups = { "g" } } },
        };
        var effects = GateActions.Effects.ToArray();
        foreach (var kind in new[] { ArgumentKind.Path, ArgumentKind.Url, ArgumentKind.Bucket, ArgumentKind.Address, ArgumentKind.Text })
        {
            var rule = new ToolArgumentRule { Argument = kind.ToString(), Kind = kind };
            Array.ForEach(effects, rule.Effects.Add);
            tools.Arguments.Add(rule);
        }

        var catalog = new ToolCatalog(Microsoft.Extensions.Options.Options.Create(tools));
        var call = PolicyFixture.ToolCall("Crm/Find", """{"Path":"/A/%62","Url":"http://User.Example.com:8080/A","Bucket":"s3://b/K","Address":"10.0.0.0/8","Text":"Eve"}""") with
        {
            ParentId = "parent",
            Principal = new Principal { Id = "App", Tenant = "t", KeyId = "k", Scopes = ["doors"], Roles = ["Admin"] },
            AlsoRequires =
            [
                new(GateActions.RestoreValues, EntityRef.Tool("x")), new(GateActions.CallModel, EntityRef.Model("M")), new(GateActions.ListModels, new(EntityRef.ModelListType, "models")),
                new(GateActions.UseProviderTool, new(EntityRef.ProviderToolType, "p/x")), new(GateActions.FetchContent, new(EntityRef.FetchedContentType, "file_id")),
                new(GateActions.ActivatePolicy, new(EntityRef.PolicySetType, "v1")),
            ],
            Context = new CallContext
            {
                At = DateTimeOffset.UnixEpoch, SourceAddress = System.Net.IPAddress.Loopback, Restores = ["SSN", "EMAIL"], Streaming = true, Output = new OutputDemand { TokensMax = 9 },
            },
            Targets = [new EffectTarget("p", "m", "eu")],
        };
        var policies = new CallPolicies(call, new PolicyEntities(catalog));
        Assert.Null(policies.Add());
        Assert.Null(TargetReader.Read(call, catalog.ArgumentsOf("Crm/Find"), restores: false, out var targets));
        policies.Add(targets);
        var validator = new RequestValidator(PublishedSchema.Schema);

        Assert.Equal(7 + (6 * effects.Length), policies.Required.Count);
        Assert.All(policies.Required, asked =>
        {
            Assert.Empty(validator.Check(asked.Request.Request));
            Assert.All(asked.Request.Entities.Concat(asked.Request.Folded!), entity => Assert.Empty(validator.Check(entity)));
        });
    }

    [Fact]
    public void A_group_of_actions_means_its_members()
    {
        var fixture = new PolicyFixture("""permit (principal, action in AgentGate::Action::"read", resource);""");

        Assert.Null(fixture.Refusal(GateActions.ListModels, new EntityRef(EntityRef.ModelListType, "models")));
        Assert.Equal(Codes.NotPermitted, fixture.Refusal(GateActions.FetchContent, new EntityRef(EntityRef.FetchedContentType, "file_id")));
    }
}
