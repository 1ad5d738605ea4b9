using System.Collections.Immutable;

namespace AgentGate.Cedar.Evaluation;

/// <summary>The ids of two or more determining policies, to be handed out again when the same ones decide. Immutable.</summary>
/// <param name="ids">The ids, in the order of the set.</param>
internal sealed class DeterminingList(ImmutableArray<string> ids)
{
    public ImmutableArray<string> Ids { get; } = ids;

    public static DeterminingList Of(ReadOnlySpan<CompiledPolicy> satisfied, int forbids)
    {
        var ids = ImmutableArray.CreateBuilder<string>(forbids == 0 ? satisfied.Length : forbids);
        foreach (var policy in satisfied)
        {
            if (forbids == 0 || !policy.IsPermit)
            {
                ids.Add(policy.Source.Id);
            }
        }

        return new DeterminingList(ids.MoveToImmutable());
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
