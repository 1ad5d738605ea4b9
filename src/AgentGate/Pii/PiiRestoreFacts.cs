using System.Collections.Immutable;
using AgentGate.Kernel.Decisions;
using AgentGate.Pii.Restoring;
using AgentGate.Pipeline;

namespace AgentGate.Pii;

/// <summary>Reads which types a model's tool call would receive values of. Look-alikes are nobody's data and need no permission.</summary>
internal sealed class PiiRestoreFacts : IRestoreFacts
{
    public ImmutableArray<string> RestorableTypes(CallContent content, CallScope? parent)
    {
        if (parent?.Find<PiiState>() is not { Live: { Count: > 0 } live })
        {
            return [];
        }

        SortedSet<string>? types = null;
        foreach (ref readonly var segment in content.Segments)
        {
            if (segment.Kind is SegmentKind.Text or SegmentKind.Key)
            {
                Add(segment.Text.Span, live, ref types);
            }
        }

        return types is null ? [] : [.. types];
    }

    private static void Add(ReadOnlySpan<char> text, LiveTokens live, ref SortedSet<string>? types)
    {
        for (var at = 0; at < text.Length; at++)
        {
            if (TokenGrammar.CanBegin(text[at]) && TokenMatch.At(text[at..], live) is { Kind: TokenMatchKind.Token, Token: var token }
                && live.TypeOf(token) is var type && type != LookAlikes.Type)
            {
                (types ??= new SortedSet<string>(StringComparer.Ordinal)).Add(type);
            }
        }
    }
}
