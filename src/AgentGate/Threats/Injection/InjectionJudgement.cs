namespace AgentGate.Threats.Injection;

/// <summary>What a classifier made of a text.</summary>
/// <param name="Score">From 0, harmless, to 1, surely an injection. Anything else, also not-a-number, counts as a failure of the classifier.</param>
/// <param name="Label">The classifier's word for what it saw. Findings carry it only if it is one of <c>injection</c>, <c>jailbreak</c>, <c>benign</c>; never content.</param>
public readonly record struct InjectionJudgement(double Score, string? Label = null);
