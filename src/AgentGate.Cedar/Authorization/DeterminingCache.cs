using System.Collections.Immutable;
using AgentGate.Cedar.Evaluation;

namespace AgentGate.Cedar.Authorization;

/// <summary>The lists of determining policies that were handed out before: the same few policies decide again and again. Thread-safe; a lost race costs one list.</summary>
internal sealed class DeterminingCache
{
    private const int Size = 1_024;

    private readonly DeterminingList?[] _entries = new DeterminingList?[Size];

    /// <summary>The ids of the forbidding policies, or of all when there is none.</summary>
    public ImmutableArray<string> Of(ReadOnlySpan<CompiledPolicy> satisfied, int forbids)
    {
        if (satisfied.IsEmpty)
        {
            return [];
        }

        if (satisfied.Length == 1)
        {
            return satisfied[0].AsDetermining;
        }

        var last = satisfied[0].LastList;
        if (last is not null && last.Names(satisfied, forbids))
        {
            return last.Ids;
        }

        var hash = 17;
        foreach (var policy in satisfied)
        {
            hash = forbids == 0 || !policy.IsPermit ? (hash * 31) + policy.Order : hash;
        }

        ref var place = ref _entries[(uint)hash % Size];
        var known = Volatile.Read(ref place);
        if (known is null || !known.Names(satisfied, forbids))
        {
            known = DeterminingList.Of(satisfied, forbids);
            Volatile.Write(ref place, known);
        }

        satisfied[0].LastList = known;
        return known.Ids;
    }
}
