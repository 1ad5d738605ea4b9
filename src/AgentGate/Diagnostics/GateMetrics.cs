using System.Diagnostics;
using System.Diagnostics.Metrics;
using AgentGate.Kernel.Decisions;
using AgentGate.Kernel.Transparency;
using AgentGate.Pipeline;

namespace AgentGate.Diagnostics;

/// <summary>Counters, durations and spans of the gate. Labels are bounded: names from code and configuration, never text from a call.</summary>
internal sealed class GateMetrics
{
    /// <summary>The name of the meter and of the activity source.</summary>
    public const string SourceName = "AgentGate";

    /// <summary>The label that says whose it is. Only the operator reads the metrics of a server with several tenants.</summary>
    public const string TenantTag = "tenant";

    private readonly Counter<long> _decisions;
    private readonly Counter<long> _verdicts;
    private readonly Counter<long> _outcomes;
    private readonly Counter<long> _refusals;
    private readonly Counter<long> _recordFailures;
    private readonly Counter<long> _tokens;
    private readonly Counter<long> _signIns;
    private readonly Histogram<double> _guardSeconds;
    private readonly Histogram<double> _callSeconds;

    public GateMetrics(IMeterFactory? factory = null)
    {
        // The meter belongs to the factory, or lives as long as the process.
#pragma warning disable CA2000
        var meter = factory?.Create(SourceName) ?? new Meter(SourceName);
#pragma warning restore CA2000
        _decisions = meter.CreateCounter<long>("agentgate.decisions", "{decision}", "Decisions of the gate.");
        _verdicts = meter.CreateCounter<long>("agentgate.guard.verdicts", "{verdict}", "Verdicts of guards.");
        _outcomes = meter.CreateCounter<long>("agentgate.effects", "{effect}", "Effects by outcome.");
        _refusals = meter.CreateCounter<long>("agentgate.refusals", "{refusal}", "Requests refused before any guard.");
        _recordFailures = meter.CreateCounter<long>("agentgate.record.failures", "{entry}", "Entries that could not be put on record.");
        _tokens = meter.CreateCounter<long>("gen_ai.client.token.usage", "{token}", "Tokens as the provider reported them.");
        _signIns = meter.CreateCounter<long>("agentgate.sign_ins", "{act}", "Acts of signing in, by result.");
        _guardSeconds = meter.CreateHistogram<double>("agentgate.guard.duration", "s", "Time a guard took.");
        _callSeconds = meter.CreateHistogram<double>("gen_ai.client.operation.duration", "s", "Time from arrival to the last entry.");
    }

    /// <summary>Spans of calls.</summary>
    public static ActivitySource Activities { get; } = new(SourceName);

    public void Verdict(string guard, string answer, string? code, TimeSpan elapsed)
    {
        _verdicts.Add(1, new("guard", guard), new("answer", answer), new("code", code ?? "none"));
        _guardSeconds.Record(elapsed.TotalSeconds, new KeyValuePair<string, object?>("guard", guard));
    }

    public void Decision(GateCall call, DecisionKind kind, string? code)
        => _decisions.Add(
            1, new(TenantTag, call.Principal.Tenant), new("door", call.Door), new("action", call.Action), new("decision", Name(kind)), new("code", code ?? "none"));

    public void Outcome(GateCall call, string provider, OutcomeKind outcome, TimeSpan elapsed, Usage? usage)
    {
        var tenant = call.Principal.Tenant;
        var tags = new TagList { { TenantTag, tenant }, { "door", call.Door }, { "action", call.Action }, { "outcome", Name(outcome) } };
        _outcomes.Add(1, tags);
        _callSeconds.Record(elapsed.TotalSeconds, new("gen_ai.operation.name", call.Action), new("gen_ai.provider.name", provider), new("door", call.Door));
        if (usage is not null)
        {
            _tokens.Add(usage.InputTokens, new(TenantTag, tenant), new("gen_ai.token.type", "input"), new("gen_ai.provider.name", provider));
            _tokens.Add(usage.OutputTokens, new(TenantTag, tenant), new("gen_ai.token.type", "output"), new("gen_ai.provider.name", provider));
        }
    }

    public void Refusal(string door, string code) => _refusals.Add(1, new("door", door), new("code", code));

    /// <summary>An act of signing in, and the code it was refused with or <c>done</c>.</summary>
    public void SignIn(string act, string result) => _signIns.Add(1, new("act", act), new("result", result));

    public void RecordFailure(string kind) => _recordFailures.Add(1, new KeyValuePair<string, object?>("kind", kind));

    private static string Name(DecisionKind kind) => kind switch
    {
        DecisionKind.Allow => "allow",
        DecisionKind.Deny => "deny",
        _ => "hold",
    };

    private static string Name(OutcomeKind kind) => kind switch
    {
        OutcomeKind.Completed => "completed",
        OutcomeKind.Failed => "failed",
        OutcomeKind.Blocked => "blocked",
        OutcomeKind.Cancelled => "cancelled",
        _ => "unknown",
    };
}
