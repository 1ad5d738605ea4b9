using System.Collections.Immutable;
using System.Text;
using AgentGate.Kernel.Decisions;

namespace AgentGate.Tests.Pii;

/// <summary>A content that is a list of texts and nothing else.</summary>
internal sealed class Texts(ImmutableArray<Segment> segments) : CallContent
{
    private readonly Segment[] _segments = [.. segments];

    public override ReadOnlySpan<Segment> Segments => _segments;

    /// <summary>The texts, one a line.</summary>
    public string All => string.Join('\n', _segments.Select(segment => segment.Text.ToString()));

    public static Texts User(string text) => Of((SegmentKind.Text, SegmentRole.User, text));

    public static Texts Of(params (SegmentKind Kind, SegmentRole Role, string Text)[] parts)
        => new([.. parts.Select((part, index) => new Segment(index, part.Kind, part.Role, part.Text.AsMemory()))]);

    public override string AddressOf(int index) => $"/{index}";

    public override CallContent Apply(ImmutableArray<ContentChange> changes)
    {
        var changed = _segments.ToArray();
        foreach (var change in changes.Cast<ContentChange.ReplaceText>())
        {
            var segment = changed[change.SegmentIndex];
            if (segment.Kind is SegmentKind.Sealed or SegmentKind.Unread)
            {
                throw new ArgumentException("a segment that cannot be changed", nameof(changes));
            }

            changed[change.SegmentIndex] = segment with { Text = change.Text.AsMemory() };
        }

        return new Texts([.. changed]);
    }

    public override ReadOnlyMemory<byte> ToUtf8() => Encoding.UTF8.GetBytes(All);
}
