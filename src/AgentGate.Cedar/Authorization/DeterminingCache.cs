using System.Collections.Immutable;
using AgentGate.Cedar.Evaluation;

namespace AgentGate.Cedar.Authorization;

/// <summary>The lists of determining policies that were handed out before: the same few policies decide again and again. Thread-safe; a lost race costs one list.</summary>
internal sealed class DeterminingCache
{
    private const int Size = 1_024;

    private readonly Entry?[] _entries = new Entry?[Size];

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

        var hash = 17;
        foreach (var policy in satisfied)
        {
            hash = forbids == 0 || !policy.IsPermit ? (hash * 31) + policy.Order : hash;
        }

        ref var place = ref _entries[(uint)hash % Size];
        var known = Volatile.Read(ref place);
        if (known is null || !known.Names(satisfied, forbids))
        {
            known = Entry.Of(satisfied, forbids);
            Volatile.Write(ref place, known);
        }

        return known.Ids;
    }

    private sealed class Entry(ImmutableArray<string> ids)
    {
        public ImmutableArray<string> Ids { get; } = ids;

        public static Entry Of(ReadOnlySpan<CompiledPolicy> satisfied, int forbids)
        {
            var ids = ImmutableArray.CreateBuilder<string>(forbids == 0 ? satisfied.Length : forbids);
            foreach (var policy in satisfied)
            {
                if (forbids == 0 || !policy.IsPermit)
                {
                    ids.Add(policy.Source.Id);
                }
            }

            return new Entry(ids.MoveToImmutable());
        }

        public bool Names(ReadOnlySpan<CompiledPolicy> satisfied, int forbids)
        {
            if (Ids.Length != (forbids == 0 ? satisfied.Length : forbids))
            {
                return false;
            }

            var at = 0;
            foreach (var policy in satisfied)
            {
                if ((forbids == 0 || !policy.IsPermit) && !ReferenceEquals(Ids[at++], policy.Source.Id))
                {
                    return false;
                }
            }

            return true;
        }
    }
}
