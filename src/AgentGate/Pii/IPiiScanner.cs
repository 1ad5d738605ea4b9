using AgentGate.Pii.Detection;

namespace AgentGate.Pii;

/// <summary>Finds personal data in a text. Thread-safe.</summary>
internal interface IPiiScanner
{
    /// <summary>Appends what the text holds, sorted by position and without overlaps.</summary>
    /// <param name="text">The text.</param>
    /// <param name="matches">The list to append to.</param>
    void Scan(ReadOnlySpan<char> text, List<PiiMatch> matches);

    /// <summary>The same for the value of a named field, whose name counts as context.</summary>
    /// <param name="text">The text.</param>
    /// <param name="fieldName">The name of the field; empty when there is none.</param>
    /// <param name="matches">The list to append to.</param>
    void Scan(ReadOnlySpan<char> text, ReadOnlySpan<char> fieldName, List<PiiMatch> matches) => Scan(text, matches);
}
