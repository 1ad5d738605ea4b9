using System.Collections.Immutable;
using AgentGate.Diagnostics;
using AgentGate.Kernel.Decisions;
using AgentGate.Pipeline;
using Microsoft.Extensions.Options;

namespace AgentGate.Threats.Injection;

/// <summary>
/// Judges what a model will read: every text of a call, by the built-in scorer and by every classifier the application
/// registered; the higher score counts. A signal, not a boundary: it flags what people write and refuses what tools and
/// documents hold above a high threshold.
/// </summary>
internal sealed class InjectionGuard(
    InjectionScorer scorer,
    IOptions<InjectionOptions> options,
    InjectionClassifiers classifiers,
    InjectionMetrics metrics,
    INameScreen? names = null) : IRequestGuard
{
    /// <summary>The shortest name of a member that is read as a text: a model reads names too.</summary>
    private const int NameMin = 24;

    /// <summary>The most findings one call puts on record.</summary>
    private const int FindingsMax = 32;

    public async ValueTask<Verdict> InspectAsync(GuardContext context, CancellationToken cancellationToken)
    {
        var content = context.Call.Content;
        var reading = new Reading(content);
        Judge(content, reading);
        if (!classifiers.IsEmpty)
        {
            await ClassifyAsync(content, reading, cancellationToken);
        }

        return reading.ToVerdict();
    }

    /// <summary>Whether a segment is a text that a model reads as words.</summary>
    private static bool IsText(in Segment segment) => segment.Kind switch
    {
        SegmentKind.Text or SegmentKind.Sealed when segment.Role != SegmentRole.Protocol => !segment.Text.IsEmpty,
        SegmentKind.Text or SegmentKind.Sealed or SegmentKind.Key => segment.Text.Length >= NameMin,
        _ => false,
    };

    private void Judge(CallContent content, Reading reading)
    {
        JoinedTexts? joined = null;
        var last = -1;
        var segments = content.Segments;
        for (var at = 0; at < segments.Length; at++)
        {
            ref readonly var segment = ref segments[at];
            if (!IsText(segment) || options.Value.ActionFor(segment.Role) == InjectionAction.Ignore)
            {
                continue;
            }

            Note(reading, segment.Index, segment.Role, scorer.Score(segment.Text.Span), byClassifier: false);
            if (segment.Kind == SegmentKind.Key)
            {
                continue;
            }

            // One instruction in two parts of a message is one instruction.
            if (last >= 0 && segments[last].Role == segment.Role)
            {
                joined ??= new JoinedTexts(scorer);
                if (joined.IsEmpty)
                {
                    joined.Add(segments[last].Text.Span);
                }

                if (joined.Add(segment.Text.Span) is { } score)
                {
                    Note(reading, segment.Index, segment.Role, score, byClassifier: false);
                }
            }
            else if (joined is { IsEmpty: false } && last >= 0)
            {
                Note(reading, segments[last].Index, segments[last].Role, joined.Finish(), byClassifier: false);
            }

            last = at;
        }

        if (joined is { IsEmpty: false })
        {
            Note(reading, segments[last].Index, segments[last].Role, joined.Finish(), byClassifier: false);
        }
    }

    private async ValueTask ClassifyAsync(CallContent content, Reading reading, CancellationToken cancellationToken)
    {
        using var time = classifiers.Begin(cancellationToken);
        for (var at = 0; at < content.Segments.Length; at++)
        {
            var segment = content.Segments[at];
            if (!IsText(segment) || options.Value.ActionFor(segment.Role) == InjectionAction.Ignore)
            {
                continue;
            }

            if (await classifiers.ScoreAsync(segment.Text, segment.Role, time, cancellationToken) is { } score)
            {
                Note(reading, segment.Index, segment.Role, new InjectionScore(score, InjectionFeature.Wording, 1), byClassifier: true);
            }
            else
            {
                reading.FailedOpen = true;
            }
        }
    }

    private void Note(Reading reading, int index, SegmentRole role, InjectionScore score, bool byClassifier)
    {
        if (score.Value < options.Value.FlagThreshold)
        {
            return;
        }

        var blocks = options.Value.ActionFor(role) == InjectionAction.Block && score.Value >= options.Value.BlockThreshold;
        metrics.Noted(role, score.Feature, blocks);
        reading.Note(index, score, blocks, byClassifier, names);
    }

    /// <summary>What was noticed in one call.</summary>
    private sealed class Reading(CallContent content)
    {
        private readonly Dictionary<int, (InjectionScore Score, bool ByClassifier)> _noted = [];
        private INameScreen? _names;
        private InjectionScore? _blocks;

        public bool FailedOpen { get; set; }

        public void Note(int index, InjectionScore score, bool blocks, bool byClassifier, INameScreen? names)
        {
            _names = names;
            if (blocks && !(_blocks?.Value >= score.Value))
            {
                _blocks = score;
            }

            if (!_noted.TryGetValue(index, out var known) || known.Score.Value < score.Value)
            {
                _noted[index] = (score, byClassifier);
            }
        }

        public Verdict ToVerdict()
        {
            if (_noted.Count == 0 && !FailedOpen)
            {
                return Verdict.Allowed;
            }

            ImmutableArray<Finding> findings =
            [
                .. _noted.OrderByDescending(entry => entry.Value.Score.Value).ThenBy(entry => entry.Key).Take(FindingsMax)
                    .Select(entry => new Finding(
                        InjectionWords.RuleOf(entry.Value.Score.Feature),
                        Address(entry.Key),
                        Note: InjectionWords.Note(entry.Value.Score, entry.Value.ByClassifier))),
                .. FailedOpen ? [new Finding("injection.classifier", Note: "failed open")] : (ReadOnlySpan<Finding>)[],
            ];
            return _blocks is { } blocks
                ? new Verdict.Deny(Codes.InjectionBlocked, InjectionWords.Reason(blocks.Feature), DenialKind.Invalid) { Findings = findings }
                : new Verdict.Allow { Findings = findings };
        }

        /// <summary>An address goes on record only where the names it is made of may.</summary>
        private string? Address(int index)
        {
            var address = content.AddressOf(index);
            return _names?.MayGoOnRecord(address) is true ? address : null;
        }
    }
}
