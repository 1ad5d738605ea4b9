using System.Collections.Immutable;
using AgentGate.Kernel.Decisions;
using AgentGate.Pii.Restoring;
using AgentGate.Pipeline;

namespace AgentGate.Pii;

/// <summary>Restores one streamed answer; each channel is a text of its own.</summary>
internal sealed class PiiStreamGuard(LiveTokens live, RestoreHosts hosts) : IStreamGuard
{
    private readonly Dictionary<string, TextRestorer> _channels = new(StringComparer.Ordinal);
    private readonly RestoreTally _tally = new();

    public ImmutableArray<Finding> Findings => _tally.ToFindings(null);

    public ValueTask<StreamVerdict> InspectAsync(StreamSegment segment, CancellationToken cancellationToken)
    {
        if (!PiiGuard.IsForCaller(segment.Kind, segment.Role))
        {
            return ValueTask.FromResult(StreamVerdict.Passed);
        }

        var text = segment.Whole ? new TextRestorer(live, hosts, _tally).Push(segment.Text, end: true) : Continue(segment);
        return ValueTask.FromResult(text is null ? StreamVerdict.Passed : new StreamVerdict.Replace(text));
    }

    private string? Continue(in StreamSegment segment)
    {
        if (!_channels.TryGetValue(segment.Channel, out var restorer))
        {
            restorer = new TextRestorer(live, hosts, _tally);
            _channels.Add(segment.Channel, restorer);
        }

        if (segment.Final)
        {
            _channels.Remove(segment.Channel);
        }

        return restorer.Push(segment.Text, segment.Final);
    }
}
