using System.Text;
using AgentGate.Content;
using AgentGate.Diagnostics;
using AgentGate.Kernel.Decisions;
using AgentGate.Pipeline;

namespace AgentGate.Chat;

/// <summary>
/// A model's tool call is a call: it runs through the gate as a <c>callTool</c> of the same principal, with its own
/// decision and log entries, before the caller sees it. Shared by every door behind which a model answers.
/// </summary>
internal sealed class ToolCallDoor(Gate gate, IIdSource ids, TimeProvider time, IRestoreFacts? restoreFacts = null)
{
    /// <summary>The resource of a tool nobody declared: a model's made-up name does not enter a record.</summary>
    public const string Undeclared = "(undeclared)";

    /// <summary>Decides one tool call.</summary>
    /// <param name="proposed">The call, complete.</param>
    /// <param name="parent">The model call whose answer holds it.</param>
    /// <param name="parentScope">That call's facts.</param>
    /// <param name="cancellationToken">Cancelled when the caller goes away.</param>
    public async ValueTask<ToolCallRuling> DecideAsync(
        ProposedToolCall proposed, GateCall parent, CallScope parentScope, CancellationToken cancellationToken)
    {
        var (content, isValid) = Read(proposed);
        var resource = EntityRef.Tool(proposed.IsDeclared ? proposed.Name : Undeclared);
        var call = new GateCall
        {
            Id = ids.NewId(),
            ParentId = parent.Id,
            ParentScope = parentScope,
            Door = parent.Door,
            Principal = parent.Principal,
            Action = GateActions.CallTool,
            Resource = resource,
            Content = content,
            Targets = [new EffectTarget("caller", resource.Id)],
            Context = parent.Context with
            {
                At = time.GetUtcNow(),
                SkippedGuards = [],
                Tool = new ToolFacts(proposed.IsDeclared, isValid),
                Restores = restoreFacts?.RestorableTypes(content, parentScope) ?? [],
            },
        };
        var release = new ReleaseEffect();
        var named = proposed.IsDeclared ? proposed.Name : null;
        return await gate.RunAsync(call, release, cancellationToken) switch
        {
            GateResult.Completed => new ToolCallRuling.Released(release.Input(proposed)),
            GateResult.Denied { Denial: var denial } => new ToolCallRuling.Refused(denial, named),
            GateResult.Failed { Denial: var denial } => new ToolCallRuling.Refused(denial, named),
            _ => new ToolCallRuling.Refused(new Denial(Codes.EffectFailed, "The call could not be released.", DenialKind.Unavailable), named),
        };
    }

    private static (CallContent Content, bool IsValid) Read(ProposedToolCall proposed)
    {
        if (proposed.IsJson && proposed.Input.Length == 0)
        {
            return (EmptyContent.Instance, true);
        }

        var utf8 = proposed.IsJson ? Encoding.UTF8.GetBytes(proposed.Input) : JsonEdits.Quote(proposed.Input);
        var tree = JsonTreeParser.Parse(utf8, JsonLimits.Default, out _);
        var isValid = tree is not null;

        // Arguments that are not JSON are judged as the text they are, and refused by the Tools guard.
        tree ??= JsonTreeParser.Parse(JsonEdits.Quote(proposed.Input), JsonLimits.Default, out _)!;
        var reading = new DocumentReading(tree);
        reading.Role(0, SegmentRole.ToolArguments);
        return (JsonContentReader.Read(reading, JsonLimits.Default), isValid);
    }
}
