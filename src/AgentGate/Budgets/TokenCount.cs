using System.Collections.Frozen;
using System.Text;
using AgentGate.Kernel.Decisions;
using Microsoft.ML.Tokenizers;

namespace AgentGate.Budgets;

/// <summary>
/// Counts tokens as OpenAI's models since GPT-4o do (o200k). Thread-safe. The vocabulary is read at the first use, which most
/// processes never have: a provider that reports its usage and a budget with room need no counting.
/// </summary>
internal static class TokenCount
{
    /// <summary>Texts are counted in pieces: within one word the tokeniser's time grows with the square of its length.</summary>
    private const int PieceMax = 512;

    /// <summary>Beyond this many characters of a call the rest is taken for one token in three characters.</summary>
    private const int CharactersMax = 1024 * 1024;

    /// <summary>Members whose values are words of a protocol and no words of a model.</summary>
    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> s_frames =
        new[] { "role", "type", "id", "object", "model", "status", "call_id", "tool_call_id", "tool_use_id", "item_id", "phase", "finish_reason", "stop_reason", "signature", "encrypted_content" }
            .ToFrozenSet(StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();

    private static readonly Lazy<TiktokenTokenizer> s_o200k = new(() => TiktokenTokenizer.CreateForEncoding("o200k_base"));

    /// <summary>The tokens of a text.</summary>
    public static long Of(ReadOnlySpan<char> text)
    {
        var rest = Math.Max(0, text.Length - CharactersMax);
        text = text[..(text.Length - rest)];
        long count = (rest + 2) / 3;
        while (!text.IsEmpty)
        {
            var length = Math.Min(PieceMax, text.Length);
            if (length < text.Length)
            {
                // Where words end, as near as can be; never within a surrogate pair.
                var space = text[..length].LastIndexOf(' ');
                length = space > 0 ? space : char.IsHighSurrogate(text[length - 1]) ? length - 1 : length;
            }

            count += s_o200k.Value.CountTokens(text[..length], considerNormalization: false);
            text = text[length..];
        }

        return count;
    }

    /// <summary>The tokens of a document as it travels: its syntax counts too, so that the sum passes that of its texts.</summary>
    public static long OfDocument(ReadOnlySpan<byte> utf8) => Of(Encoding.UTF8.GetString(utf8));

    /// <summary>The tokens of the words in a content, and a few for each piece's frame.</summary>
    public static long OfTexts(CallContent content, bool answersOnly)
    {
        const int Frame = 4;
        var count = 0L;
        foreach (ref readonly var segment in content.Segments)
        {
            if (segment.Kind is not (SegmentKind.Text or SegmentKind.Sealed or SegmentKind.Key)
                || segment.Role == SegmentRole.Protocol
                || (segment.Kind == SegmentKind.Text && s_frames.Contains(content.LabelOf(segment.Index).Span))
                || (segment.Kind == SegmentKind.Key && segment.Role is not (SegmentRole.Definition or SegmentRole.ToolArguments))
                || (answersOnly && segment.Role is not (SegmentRole.Assistant or SegmentRole.ToolArguments)))
            {
                continue;
            }

            count += Of(segment.Text.Span) + (answersOnly ? 0 : Frame);
        }

        return count;
    }
}
