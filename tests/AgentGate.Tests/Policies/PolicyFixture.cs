using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using AgentGate.Content;
using AgentGate.Kernel.Decisions;
using AgentGate.Pipeline;
using AgentGate.Policies;
using AgentGate.Tools;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace AgentGate.Tests.Policies;

/// <summary>The Admissibility guard over configured policies and tools, asked as the gate asks it.</summary>
internal sealed class PolicyFixture
{
    private static readonly Principal s_agent = new() { Id = "agent_1", Tenant = "t", Scopes = ["doors"] };
    private AdmissibilityGuard? _guard;
    private PolicyRegistry? _registry;

    public PolicyFixture(params string[] policies)
    {
        foreach (var text in policies)
        {
            Options.Inline.Add(text);
        }
    }

    public PolicyOptions Options { get; } = new();

    public ToolOptions Tools { get; } = new();

    public PolicyRegistry Registry => _registry ??= PoliciesServiceCollectionExtensions.Configured(Options);

    /// <summary>Permits everything, so that what is denied is denied by something else.</summary>
    public static string PermitAll => """@id("all") permit (principal, action, resource);""";

    /// <summary>Declares that an argument of a tool is a resource.</summary>
    public PolicyFixture Declare(string tool, string argument, ArgumentKind kind, string effect, string? folder = null)
    {
        Tools.Arguments.Add(new ToolArgumentRule { Tool = tool, Argument = argument, Kind = kind, Base = folder, Effects = { effect } });
        return this;
    }

    public Verdict Ask(GateCall call, CallScope? scope = null)
    {
        _guard ??= Guard();
        var asked = _guard.InspectAsync(new GuardContext(call, scope ?? new CallScope()), CancellationToken.None);
        return asked.IsCompletedSuccessfully ? asked.Result : throw new InvalidOperationException("The guard went away.");
    }

    /// <summary>Asks the guard behind those that change arguments.</summary>
    public Verdict AskAgain(GateCall call, CallScope scope)
    {
        var catalog = new ToolCatalog(Microsoft.Extensions.Options.Options.Create(Tools));
        var asked = new TargetGuard(new PolicyEntities(catalog), catalog).InspectAsync(new GuardContext(call, scope), CancellationToken.None);
        return asked.IsCompletedSuccessfully ? asked.Result : throw new InvalidOperationException("The guard went away.");
    }

    private AdmissibilityGuard Guard()
    {
        var catalog = new ToolCatalog(Microsoft.Extensions.Options.Options.Create(Tools));
        return new AdmissibilityGuard(Registry, new PolicyEntities(catalog), catalog, new PolicyMetrics(), NullLogger<AdmissibilityGuard>.Instance, new KnowledgeEpochs(new AgentGate.Kernel.Admissibility.AdmissibilitySettings()));
    }

    /// <summary>The code of the denial of a call, or <see langword="null"/>.</summary>
    public string? Refusal(GateCall call) => (Ask(call) as Verdict.Deny)?.Code;

    /// <summary>The code of the denial of an action on a resource, or <see langword="null"/>.</summary>
    public string? Refusal(string action, EntityRef resource) => Refusal(Call(action, resource));

    /// <summary>The code of the denial of a tool's call with one argument, or <see langword="null"/>.</summary>
    public string? Refusal(string tool, string argument, string value) => Refusal(ToolCall(tool, $$"""{{{JsonSerializer.Serialize(argument)}}:{{JsonSerializer.Serialize(value)}}}"""));

    public static GateCall ToolCall(string tool, string json)
        => Call(GateActions.CallTool, EntityRef.Tool(tool)) with { Content = Content(json, SegmentRole.ToolArguments) };

    public static GateCall Call(string action, EntityRef resource, CallContext? context = null, Principal? principal = null) => new()
    {
        Id = "call_1",
        Door = "sdk.tool",
        Principal = principal ?? s_agent,
        Action = action,
        Resource = resource,
        Content = EmptyContent.Instance,
        Targets = [new EffectTarget("demo", resource.Id)],
        Context = context ?? new CallContext { At = DateTimeOffset.UnixEpoch },
    };

    public static CallContent Content(string json, SegmentRole role, params ImmutableArray<string> tools)
    {
        var reading = new DocumentReading(JsonTreeParser.Parse(Encoding.UTF8.GetBytes(json), JsonLimits.Default, out var fault) ?? throw new InvalidOperationException(fault?.Message));
        reading.Role(0, role);
        foreach (var (name, element) in tools.Zip(reading.Tree.Elements(reading.Tree.Find(0, "tools"))))
        {
            reading.Tools.Add((name, element));
        }

        return JsonContentReader.Read(reading, JsonLimits.Default);
    }
}
