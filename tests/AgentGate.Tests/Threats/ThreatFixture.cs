using System.Text;
using AgentGate.Content;
using AgentGate.Kernel.Decisions;
using AgentGate.Pipeline;
using AgentGate.Tests.Pii;
using AgentGate.Threats;
using AgentGate.Threats.Detection;
using AgentGate.Tools;
using Microsoft.Extensions.Options;

namespace AgentGate.Tests.Threats;

/// <summary>A threats guard, and calls to send through it.</summary>
internal sealed class ThreatFixture
{
    public ThreatFixture(Action<ThreatOptions>? configure = null, Action<ToolOptions>? tools = null, INameScreen? names = null, params IThreatRule[] rules)
    {
        var options = new ThreatOptions();
        configure?.Invoke(options);
        var toolOptions = new ToolOptions();
        tools?.Invoke(toolOptions);
        Catalog = new ToolCatalog(Options.Create(toolOptions));
        Guard = new ThreatGuard(new ThreatScanner(), Options.Create(options), Catalog, new ThreatMetrics(), rules, names);
    }

    public ToolCatalog Catalog { get; }

    public ThreatGuard Guard { get; }

    /// <summary>A message of a user.</summary>
    public Verdict Chat(string text) => Judge(Texts.User(text), GateActions.CallModel);

    public Verdict Talk(params (SegmentRole Role, string Text)[] parts)
        => Judge(Texts.Of([.. parts.Select(part => (SegmentKind.Text, part.Role, part.Text))]), GateActions.CallModel);

    /// <summary>A call of a tool with these arguments, as JSON.</summary>
    public Verdict Tool(string json, string tool = "lookup")
    {
        var tree = JsonTreeParser.Parse(Encoding.UTF8.GetBytes(json), JsonLimits.Default, out var fault);
        Assert.True(tree is not null, fault?.Message);
        var reading = new DocumentReading(tree);
        reading.Role(0, SegmentRole.ToolArguments);
        return Judge(JsonContentReader.Read(reading, JsonLimits.Default), GateActions.CallTool, tool);
    }

    /// <summary>A call of a tool with one argument.</summary>
    public Verdict Argument(string text, string tool = "lookup", string name = "value")
        => Tool($"{{{JsonText(name)}:{JsonText(text)}}}", tool);

    public static string JsonText(string text) => System.Text.Json.JsonSerializer.Serialize(text);

    public Verdict Judge(CallContent content, string action, string resource = "m")
    {
        var call = new GateCall
        {
            Id = "call-1",
            Door = "test",
            Principal = new Principal { Id = "agent_1", Tenant = "t1", KeyId = "k1" },
            Action = action,
            Resource = action == GateActions.CallTool ? EntityRef.Tool(resource) : EntityRef.Model(resource),
            Context = new CallContext { At = DateTimeOffset.UnixEpoch },
            Content = content,
            Targets = [],
        };
        return Guard.InspectAsync(new GuardContext(call, new CallScope(null)), default).AsTask().Result;
    }
}
