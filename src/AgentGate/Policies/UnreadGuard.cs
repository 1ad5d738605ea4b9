using System.Collections.Immutable;
using AgentGate.Diagnostics;
using AgentGate.Kernel.Decisions;
using AgentGate.Pipeline;
using Microsoft.Extensions.Options;

namespace AgentGate.Policies;

/// <summary>Denies parts no guard can read (images, audio, files, encrypted blocks) unless configuration allows the kind; names them either way.</summary>
internal sealed class UnreadGuard(IOptions<PolicyOptions> options) : IRequestGuard, IResponseGuard
{
    public ValueTask<Verdict> InspectAsync(GuardContext context, CancellationToken cancellationToken)
        => ValueTask.FromResult(Judge(
            context.Call.Content.UnreadKinds, Codes.UnreadPart, "The request holds a part no guard can read", DenialKind.Forbidden));

    public ValueTask<Verdict> InspectAsync(ResponseContext context, CancellationToken cancellationToken)
        => ValueTask.FromResult(Judge(
            context.Content?.UnreadKinds ?? [], Codes.UnreadAnswer, "The answer holds a part no guard can read", DenialKind.Forbidden));

    public IStreamGuard? OpenStream(ResponseContext context) => new Stream(this);

    private Verdict Judge(ImmutableArray<string> kinds, string code, string what, DenialKind kind)
    {
        if (kinds.IsDefaultOrEmpty)
        {
            return Verdict.Allowed;
        }

        ImmutableArray<Finding> findings = [.. kinds.Select(unread => new Finding("unread", null, 1, unread))];
        var refused = kinds.FirstOrDefault(unread => !options.Value.AllowUnread.Contains(unread));
        return refused is null
            ? Verdict.Allowed with { Findings = findings }
            : new Verdict.Deny(code, $"{what}: {refused}. An operator can allow it under AgentGate:Policies:AllowUnread.", kind) { Findings = findings };
    }

    private sealed class Stream(UnreadGuard guard) : IStreamGuard
    {
        private readonly SortedSet<string> _seen = new(StringComparer.Ordinal);

        public ImmutableArray<Finding> Findings => [.. _seen.Select(kind => new Finding("unread", null, 1, kind))];

        public ValueTask<StreamVerdict> InspectAsync(StreamSegment segment, CancellationToken cancellationToken)
        {
            if (segment.Kind != SegmentKind.Unread)
            {
                return ValueTask.FromResult(StreamVerdict.Passed);
            }

            // The door puts the kind of an unread piece in its text; the bytes themselves never come here.
            var kind = segment.Text.ToString();
            _seen.Add(kind);
            return ValueTask.FromResult(guard.Judge([kind], Codes.UnreadAnswer, "The answer holds a part no guard can read", DenialKind.Forbidden) is Verdict.Deny deny
                ? new StreamVerdict.Block(deny.Code, deny.Reason)
                : StreamVerdict.Passed);
        }
    }
}
