using System.Collections.Immutable;
using AgentGate.Kernel.Decisions;
using AgentGate.Pii.Restoring;
using AgentGate.Pipeline;

namespace AgentGate.Pii;

/// <summary>Restores one streamed answer.</summary>
internal sealed class PiiStreamGuard : IStreamGuard
{
    private readonly RestoreTally _tally = new();
    private readonly StreamTexts _texts;

    public PiiStreamGuard(LiveTokens live, RestoreHosts hosts) => _texts = new StreamTexts(live, hosts, _tally);

    public ImmutableArray<Finding> Findings => _tally.ToFindings(null);

    public ValueTask<StreamVerdict> InspectAsync(StreamSegment segment, CancellationToken cancellationToken)
    {
        var text = PiiGuard.IsForCaller(segment.Kind, segment.Role) ? _texts.Next(segment) : null;
        return ValueTask.FromResult(text is null ? StreamVerdict.Passed : new StreamVerdict.Replace(text));
    }
}
