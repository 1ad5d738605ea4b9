namespace AgentGate.Pii.Detection;

/// <summary>One value found in a text.</summary>
/// <param name="Start">The first character.</param>
/// <param name="Length">The number of characters.</param>
/// <param name="Type">The type name as it appears in tokens, for example <c>SSN</c>.</param>
/// <param name="Score">How sure the recogniser is, 0 to 1.</param>
internal readonly record struct PiiMatch(int Start, int Length, string Type, double Score);
