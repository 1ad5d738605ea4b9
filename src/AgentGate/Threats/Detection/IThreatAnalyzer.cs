namespace AgentGate.Threats.Detection;

/// <summary>
/// Judges one family: reads the text as the family's interpreter would and judges its structure. Stateless and
/// thread-safe; linear in the length of the text, whatever the text.
/// </summary>
internal interface IThreatAnalyzer
{
    /// <summary>The family.</summary>
    ThreatFamily Family { get; }

    /// <summary>A cheap, vectorised look: without this there is nothing for the analyser to find.</summary>
    /// <param name="text">The text.</param>
    bool MayMatch(ReadOnlySpan<char> text);

    /// <summary>Judges a text that <see cref="MayMatch"/> let through.</summary>
    /// <param name="text">The text in one of its readings.</param>
    /// <param name="hits">Gets what was found.</param>
    void Analyze(in ThreatText text, ThreatHits hits);
}
