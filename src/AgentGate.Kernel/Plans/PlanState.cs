using System.Collections.Immutable;
using AgentGate.Kernel.Admissibility;

namespace AgentGate.Kernel.Plans;

/// <summary>What holds before a step: where things stand, changed by the effects of the steps before. Immutable.</summary>
public sealed record PlanState
{
    /// <summary>Nothing changed yet.</summary>
    public static PlanState Initial { get; } = new();

    /// <summary>The facts that hold, in ordinal order.</summary>
    public ImmutableSortedSet<string> Facts { get; init; } = ImmutableSortedSet.Create<string>(StringComparer.Ordinal);

    /// <summary>The grants that steps revoked, in ordinal order.</summary>
    public ImmutableSortedSet<string> Revoked { get; init; } = ImmutableSortedSet.Create<string>(StringComparer.Ordinal);

    /// <summary>The obligations that are assumed to be fulfilled, in ordinal order.</summary>
    public ImmutableSortedSet<string> Assumed { get; init; } = ImmutableSortedSet.Create<string>(StringComparer.Ordinal);

    /// <summary>The state after a step.</summary>
    /// <param name="effects">What the step changes.</param>
    public PlanState After(PlanEffects effects)
    {
        ArgumentNullException.ThrowIfNull(effects);
        return new PlanState
        {
            Facts = Facts.Except(effects.RemoveFacts).Union(effects.AddFacts),
            Revoked = Revoked.Union(effects.Revokes),
            Assumed = Assumed.Union(effects.Attests),
        };
    }

    /// <summary>α's attestations in this state: the server's own, and for the rest of what is assumed one by <see cref="AssumedBy"/>.</summary>
    /// <param name="attested">What the server's records say.</param>
    /// <param name="at">α's moment, at which assumptions are taken to be fulfilled.</param>
    public ImmutableArray<Attestation> Attestations(ImmutableArray<Attestation> attested, DateTimeOffset at)
    {
        // An assumption takes the place of a record of the same name, which may be too old by then.
        var own = attested.IsDefault ? [] : attested.Where(record => !Assumed.Contains(record.Obligation));
        return [.. own.Concat(Assumed.Select(obligation => new Attestation(obligation, at, AssumedBy))).OrderBy(record => record.Obligation, StringComparer.Ordinal)];
    }

    /// <summary>Who an assumed attestation is by: nobody.</summary>
    public const string AssumedBy = "assumed";
}
