using System.Text;
using AgentGate.Kernel.Decisions;
using AgentGate.Pipeline;

namespace AgentGate.Pii.Restoring;

/// <summary>
/// Restores the texts of one streamed answer. Each channel is a text of its own; channels whose texts the callers' libraries
/// join go on where the one before stands, so that an address left open there is still open. Not thread-safe.
/// </summary>
internal sealed class StreamTexts(LiveTokens live, RestoreHosts hosts, RestoreTally tally)
{
    private readonly Dictionary<string, Part> _open = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Part> _latest = new(StringComparer.Ordinal);
    private readonly List<Part> _parts = [];

    /// <summary>Takes the next piece; <see langword="null"/> when it goes on as it is.</summary>
    public string? Next(in StreamSegment segment) => segment.Whole ? Repeat(segment) : Continue(segment);

    private string? Continue(in StreamSegment segment)
    {
        if (!_open.TryGetValue(segment.Channel, out var part))
        {
            part = Open(segment);
            _open.Add(segment.Channel, part);
        }

        if (segment.Final)
        {
            _open.Remove(segment.Channel);
        }

        part.Text.Append(segment.Text.Span);
        return part.Restorer.Push(segment.Text, segment.Final);
    }

    private Part Open(in StreamSegment segment)
    {
        if (segment.Role != SegmentRole.Assistant)
        {
            return new Part(new TextRestorer(live, hosts, tally), null);
        }

        var joined = JoinedAs(segment.Channel);
        var before = _latest.GetValueOrDefault(joined)?.Restorer.Context.Clone();
        var part = new Part(Restorer(before is null ? [] : [before.Clone()]), before);
        _latest[joined] = part;
        _parts.Add(part);
        return part;
    }

    /// <summary>
    /// A whole text mostly repeats one that was streamed, and must come out as that did. One that was not is judged as if
    /// it were joined to every text so far.
    /// </summary>
    private string? Repeat(in StreamSegment segment)
    {
        if (TokenGrammar.NextBegin(segment.Text.Span) < 0)
        {
            return null;
        }

        var text = segment.Text;
        var repeated = _parts.FindAll(part => part.Text.Equals(text.Span));
        var before = repeated.Count > 0
            ? repeated.Select(part => part.Before).OfType<UrlContext>()
            : _latest.Values.Select(part => part.Restorer.Context).Where(context => context.InAddress);
        return Restorer([.. before.Select(context => context.Clone())]).Push(text, end: true);
    }

    private TextRestorer Restorer(UrlContext[] before) => new(live, hosts, tally, before);

    /// <summary>
    /// What channels are joined as: the members of a choice stay apart (<c>choices/0/content</c>), the messages of an answer
    /// (<c>m1/text</c>) and the numbered parts of a kind (<c>content/0</c>, <c>response.output_text/…</c>) are one text.
    /// </summary>
    private static string JoinedAs(string channel)
        => channel.StartsWith("choices/", StringComparison.Ordinal) ? channel
            : channel.EndsWith("/text", StringComparison.Ordinal) ? "/text"
            : channel.IndexOf('/', StringComparison.Ordinal) is var slash and > 0 ? channel[..slash]
            : channel;

    private sealed record Part(TextRestorer Restorer, UrlContext? Before)
    {
        public StringBuilder Text { get; } = new();
    }
}
