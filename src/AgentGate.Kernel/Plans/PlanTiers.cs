using System.Diagnostics.CodeAnalysis;

namespace AgentGate.Kernel.Plans;

/// <summary>The tiers' words and bounds, as AgentGate 1.0 published them.</summary>
public static class PlanTiers
{
    /// <summary>The words, in the order of <see cref="PlanTier"/>.</summary>
    public static IReadOnlyList<string> Words { get; } = ["low", "medium", "high", "critical"];

    /// <summary>How many steps a plan of a tier may have: 5, 10, 20 or 30.</summary>
    /// <param name="tier">The tier.</param>
    public static int Bound(this PlanTier tier) => tier switch
    {
        PlanTier.Low => 5,
        PlanTier.Medium => 10,
        PlanTier.High => 20,
        PlanTier.Critical => 30,
        _ => throw new ArgumentOutOfRangeException(nameof(tier)),
    };

    /// <summary>The tier's word.</summary>
    /// <param name="tier">The tier.</param>
    public static string Word(this PlanTier tier) => Words[(int)tier];

    /// <summary>Reads a tier's word.</summary>
    /// <param name="word">The word, exactly.</param>
    /// <param name="tier">The tier.</param>
    public static bool TryParse([NotNullWhen(true)] string? word, out PlanTier tier)
    {
        var index = word is null ? -1 : Words.ToList().IndexOf(word);
        tier = index < 0 ? PlanTier.High : (PlanTier)index;
        return index >= 0;
    }
}
