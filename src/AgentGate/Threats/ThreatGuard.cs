using AgentGate.Kernel.Decisions;
using AgentGate.Pipeline;
using AgentGate.Threats.Detection;
using AgentGate.Threats.Rules;
using Microsoft.Extensions.Options;

namespace AgentGate.Threats;

/// <summary>
/// Denies calls that carry an attack on what reads them next. A conversation is judged as talk, an argument as something
/// that will be interpreted, a tool's result as something a model reads; the call itself says which is which.
/// </summary>
internal sealed class ThreatGuard : IRequestGuard
{
    [ThreadStatic]
    private static ThreatHits? t_hits;

    private readonly ThreatScanner _scanner;
    private readonly ThreatJudge _judge;
    private readonly ThreatAddress _addresses;
    private readonly ThreatMetrics _metrics;
    private readonly ThreatToolRules _rules;
    private readonly IToolCatalog _tools;

    public ThreatGuard(
        ThreatScanner scanner, IOptions<ThreatOptions> options, IToolCatalog tools, ThreatMetrics metrics, IEnumerable<IThreatRule> rules, INameScreen? names = null)
    {
        _scanner = scanner;
        _judge = new ThreatJudge(options.Value);
        _addresses = new ThreatAddress(names);
        _metrics = metrics;
        _tools = tools;
        _rules = new ThreatToolRules(options.Value, [.. rules]);
    }

    public ValueTask<Verdict> InspectAsync(GuardContext context, CancellationToken cancellationToken)
        => ValueTask.FromResult(context.Call.Action switch
        {
            GateActions.CallModel or GateActions.Embed or GateActions.CountTokens => JudgeTalk(context.Call.Content),
            GateActions.CallTool => _rules.Refusal(context.Call) ?? JudgeArguments(context.Call),
            _ => Verdict.Allowed,
        });

    private Verdict JudgeTalk(CallContent content)
    {
        var hits = t_hits ??= new ThreatHits();
        var tally = new ThreatTally(_judge, _addresses, _metrics, content);
        var together = new ThreatParts(_scanner);
        var role = SegmentRole.Protocol;
        foreach (ref readonly var segment in content.Segments)
        {
            if (segment.Kind != SegmentKind.Text || segment.Role is SegmentRole.Protocol or SegmentRole.Definition || segment.Text.IsEmpty)
            {
                continue;
            }

            // Earlier tool calls have been judged as calls; here they are code that a model reads.
            hits.Clear();
            _scanner.Scan(segment.Text.Span, segment.Role == SegmentRole.ToolArguments ? ThreatContext.Code : ThreatContext.Chat, ArgumentKind.Text, hits);
            tally.Take(hits, segment.Index, isResult: segment.Role == SegmentRole.ToolResult);

            if (segment.Role is SegmentRole.User or SegmentRole.Assistant or SegmentRole.System)
            {
                if (segment.Role != role)
                {
                    JudgeTogether(together, ThreatContext.Chat, content, tally, hits);
                    role = segment.Role;
                }

                together.Add(segment);
            }
        }

        JudgeTogether(together, ThreatContext.Chat, content, tally, hits);
        return tally.ToVerdict();
    }

    private Verdict JudgeArguments(GateCall call)
    {
        var content = call.Content;
        var hits = t_hits ??= new ThreatHits();
        var tally = new ThreatTally(_judge, _addresses, _metrics, content);
        var together = new ThreatParts(_scanner);
        var declared = _tools.ArgumentsOf(call.Resource.Id);
        foreach (ref readonly var segment in content.Segments)
        {
            if (segment.Kind is not (SegmentKind.Text or SegmentKind.Key) || segment.Text.IsEmpty)
            {
                continue;
            }

            var (kind, isBase64) = segment.Kind == SegmentKind.Text ? Declared(declared, call, segment.Index) : default;
            hits.Clear();
            _rules.Scan(segment.Text.Span, kind, isBase64, hits);
            _scanner.Scan(segment.Text.Span, ThreatContext.Argument, kind, hits, isBase64);
            tally.Take(hits, segment.Index);

            // A whole program by declaration is no part of another text.
            if (segment.Kind == SegmentKind.Text && kind is not (ArgumentKind.Sql or ArgumentKind.Command or ArgumentKind.Html))
            {
                together.Add(segment);
            }
        }

        JudgeTogether(together, ThreatContext.Argument, content, tally, hits);
        return tally.ToVerdict();
    }

    private void JudgeTogether(ThreatParts parts, ThreatContext context, CallContent content, ThreatTally tally, ThreatHits hits)
    {
        if (!tally.IsBlocked)
        {
            parts.Judge(content, context, hits, (hit, segment) =>
            {
                var action = _judge.Of(hit);
                if (action == ThreatAction.Block)
                {
                    tally.Add(hit, action, _addresses.Of(content, segment));
                }
            });
        }

        parts.Clear();
    }

    private static (ArgumentKind Kind, bool IsBase64) Declared(IReadOnlyList<ToolArgument> declared, GateCall call, int segment)
    {
        if (declared.Count > 0)
        {
            var pointer = call.ArgumentAddress(segment);
            foreach (var argument in declared)
            {
                if (argument.Covers(pointer))
                {
                    return (argument.Kind, argument.IsBase64);
                }
            }
        }

        return default;
    }
}
