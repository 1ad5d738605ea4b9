using AgentGate.Threats.Normalization;

namespace AgentGate.Threats.Detection;

/// <summary>A place where the structure of an attack was found.</summary>
/// <param name="Rule">The rule, from the closed set of its family, for example <c>sql.union</c>.</param>
/// <param name="Family">The family.</param>
/// <param name="Severity">How bad it is if it comes through.</param>
/// <param name="Start">Where it begins, in UTF-16 units: of the reading while an analyser works, of the source text afterwards.</param>
/// <param name="Length">How long it is there.</param>
/// <param name="Score">0 to 100: how certain it is that this is an attack in the context it stands in.</param>
internal readonly record struct ThreatHit(string Rule, ThreatFamily Family, ThreatSeverity Severity, int Start, int Length, int Score)
{
    /// <summary>The context it was judged in.</summary>
    public ThreatContext Context { get; init; }

    /// <summary>What was taken off the text to see it.</summary>
    public TextLayers Layers { get; init; }

    /// <summary>Whether it is certain enough to count in its context.</summary>
    public bool Counts => Score >= ThreatThresholds.Of(Context, Family);
}
