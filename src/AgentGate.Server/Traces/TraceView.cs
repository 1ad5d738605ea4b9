using AgentGate.Client.Audit;
using AgentGate.Client.Traces;
using AgentGate.Kernel.Decisions;
using AgentGate.Kernel.Transparency;
using AgentGate.Pipeline;
using AgentGate.Traces;

namespace AgentGate.Server.Traces;

/// <summary>Traces as the API shows them.</summary>
internal static class TraceView
{
    public static TraceSummary Summary(CallTrace trace) => new()
    {
        Id = trace.CallId,
        ParentId = trace.ParentCallId,
        Status = TraceStatus.Of(trace),
        Decision = LogEntryWords.Of((DecisionKind?)trace.Decision)!,
        Door = trace.Door,
        Principal = trace.Principal,
        Action = trace.Action,
        Resource = new AuditResource(trace.Resource.Type, trace.Resource.Id),
        StartedAt = trace.StartedAt,
        DurationMs = trace.Duration.TotalMilliseconds,
        Code = trace.Code,
        Reason = trace.Reason,
        Usage = Usage(trace.Usage),
    };

    public static TraceDetail Detail(CallTrace trace) => new()
    {
        Id = trace.CallId,
        ParentId = trace.ParentCallId,
        Status = TraceStatus.Of(trace),
        Decision = LogEntryWords.Of((DecisionKind?)trace.Decision)!,
        Door = trace.Door,
        Principal = trace.Principal,
        Action = trace.Action,
        Resource = new AuditResource(trace.Resource.Type, trace.Resource.Id),
        StartedAt = trace.StartedAt,
        DurationMs = trace.Duration.TotalMilliseconds,
        Code = trace.Code,
        Reason = trace.Reason,
        Usage = Usage(trace.Usage),
        Verdicts = [.. trace.Verdicts.Select(Verdict)],
        Sent = trace.Sent,
        SentCut = trace.SentCut,
        Salt = trace.Salt,
        Targets = [.. trace.Targets.Select(t => new AuditTarget(t.Provider, t.Name, t.Region))],
        Unread = [.. trace.Unread],
    };

    private static AuditUsage? Usage(Usage? usage) => usage is null ? null : new AuditUsage(usage.InputTokens, usage.OutputTokens)
    {
        CachedInputTokens = NotZero(usage.CachedInputTokens),
        CacheWriteTokens = NotZero(usage.CacheWriteTokens),
        CacheWriteLongTokens = NotZero(usage.LongCacheWriteTokens),
        ReasoningTokens = NotZero(usage.ReasoningTokens),
        Estimated = usage.Estimated ? true : null,
        CostNanoUsd = (long?)(usage.CostUsd * 1_000_000_000m),
    };

    private static long? NotZero(long count) => count == 0 ? null : count;

    private static AuditVerdict Verdict(VerdictRecord verdict) => new()
    {
        Guard = verdict.Guard,
        Answer = verdict.Answer,
        Code = verdict.Code,
        ElapsedUs = verdict.Elapsed.Ticks / TimeSpan.TicksPerMicrosecond,
        Shadow = verdict.Shadow,
        FailedOpen = verdict.FailedOpen,
        Findings = verdict.Findings.IsDefaultOrEmpty
            ? null
            : [.. verdict.Findings.Select(f => new AuditFinding(f.Rule, f.Address, f.Count, f.Note))],
    };
}
