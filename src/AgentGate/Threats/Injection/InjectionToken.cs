namespace AgentGate.Threats.Injection;

/// <summary>One word of a text as it is judged.</summary>
/// <param name="Start">Where its folded characters lie.</param>
/// <param name="Length">How many they are.</param>
/// <param name="Hash">The hash of the folded characters.</param>
/// <param name="Class">The lexicon's class, or 0.</param>
/// <param name="Marks">What is special about it.</param>
internal readonly record struct InjectionToken(int Start, int Length, uint Hash, byte Class, TokenMarks Marks);
