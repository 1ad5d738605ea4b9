namespace AgentGate.Threats.Injection;

/// <summary>What a text scored.</summary>
/// <param name="Value">From 0 to 1.</param>
/// <param name="Feature">The strongest kind of evidence.</param>
/// <param name="Windows">How many windows were judged.</param>
internal readonly record struct InjectionScore(double Value, InjectionFeature Feature, int Windows)
{
    /// <summary>A text without evidence.</summary>
    public static InjectionScore None { get; } = new(0, InjectionFeature.Wording, 0);

    /// <summary>The score as findings write it: hundredths, rounded down, so that a note never says more than was found.</summary>
    public int Hundredths => (int)(Value * 100);
}
