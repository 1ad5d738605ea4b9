using System.Text;
using AgentGate.Cedar.Authorization;
using AgentGate.Cedar.Entities;
using AgentGate.Cedar.Syntax;
using AgentGate.Kernel.Decisions;
using AgentGate.Policies;
using AgentGate.Policies.Import;
using AgentGate.Policies.Targets;
using AgentGate.Tools;
using Microsoft.Extensions.Options;

namespace AgentGate.Tests.Policies.Import;

/// <summary>What 1.0 called a request, asked of translated policies by the gate's own rules: same entities, same normal forms, same ruling.</summary>
internal sealed record ImportedCall
{
    /// <summary>What 1.0 called the action: what a tool does, or the name of a tool.</summary>
    public string Action { get; init; } = "read";

    /// <summary>The path the tool's declared argument names; <see langword="null"/> for the call of the tool itself.</summary>
    public string? Path { get; init; } = "/data/a";

    public string Tool { get; init; } = "some_tool";

    public string? Role { get; init; }

    public string? SourceIp { get; init; }

    public string Door { get; init; } = "openai.chat";

    public string Principal { get; init; } = "agent_1";

    public string Argument { get; init; } = "path";

    public int Hour { get; init; } = 12;

    public bool IsPermitted(PolicyTranslation translation)
    {
        // What is asked is what was printed: the text is what a person stores.
        var printed = PolicySet.Parse(translation.Text, PolicyIdSource.IdAnnotation);
        var valid = PublishedSchema.Validate(printed);
        Assert.True(valid.IsValid, string.Join("\n", valid.Errors.Select(error => error.Diagnostic)) + "\n" + translation.Text);
        return IsPermitted(Authorizer.Create(printed));
    }

    public bool IsPermitted(Authorizer authorizer) => PolicyRuling.Of(authorizer, new CallPolicies.Asked("", "", false, Request(), [])).Code is null;

    public static PolicyTranslation Translate(string json) => PolicyImport.FromJson(Encoding.UTF8.GetBytes(json));

    private PolicyRequest Request()
    {
        var effects = GateActions.Effects.Contains(Action);
        var options = new ToolOptions();
        var rule = new ToolRule { Tool = effects ? Tool : Action };
        if (effects)
        {
            rule.Effects.Add(Action);
        }

        options.Declared.Add(rule);
        var entities = new PolicyEntities(new ToolCatalog(Options.Create(options)));
        var subject = entities.Of(
            new Principal { Id = Principal, Tenant = "t", Roles = Role is null ? [] : [Role] }, EntityRef.Tool(effects ? Tool : Action));
        if (Path is null)
        {
            return new PolicyRequest(
                new AuthorizationRequest(subject.Principal.Uid, PolicyNames.Action(GateActions.CallTool), subject.Resource.Uid, Circumstances()),
                subject.Entities,
                subject.Folded);
        }

        var reading = Path.Contains("://", StringComparison.Ordinal) ? BucketTarget.Read(Path) : PathTarget.Read(Path, "/");
        Assert.Null(reading.Fault);
        var (principal, resource, exact, folded) = PolicyEntities.Of(subject, reading.Targets[0]);
        var context = Circumstances(new("tool", subject.Resource.Uid), new("argument", new CedarString(Argument)));
        return new PolicyRequest(
            new AuthorizationRequest(principal.Uid, PolicyNames.Action(effects ? Action : GateActions.Write), resource.Uid, context), exact, folded);
    }

    private CedarRecord Circumstances(params KeyValuePair<string, CedarValue>[] more)
    {
        List<KeyValuePair<string, CedarValue>> fields =
        [
            new("at", new CedarDatetime(0)), new("hour", new CedarLong(Hour)), new("weekday", new CedarLong(1)),
            new("door", new CedarString(Door)), new("byModel", CedarBool.False), new("restores", CedarSet.Empty), new("facts", CedarSet.Empty),
            .. more,
        ];
        if (more.Length == 0)
        {
            fields.AddRange(
            [
                new("streaming", CedarBool.False), new("providers", CedarSet.Empty), new("regions", CedarSet.Empty), new("unread", CedarSet.Empty),
                new("choices", new CedarLong(1)),
            ]);
        }

        if (SourceIp is not null && CedarIpAddress.TryParse(SourceIp, out var address))
        {
            fields.Add(new("sourceIp", address));
        }

        return new CedarRecord(fields);
    }
}
