using AgentGate.Pii.Detection;

namespace AgentGate.Pii;

/// <summary>Finds personal data in a text. Thread-safe.</summary>
internal interface IPiiScanner
{
    /// <summary>Appends what the text holds, sorted by position and without overlaps.</summary>
    /// <param name="text">The text.</param>
    /// <param name="matches">The list to append to.</param>
    void Scan(ReadOnlySpan<char> text, List<PiiMatch> matches);
}
