namespace AgentGate.Kernel.Admissibility;

/// <summary>An obligation that settings demand for an action. Immutable.</summary>
/// <param name="Action">The action, or <c>*</c>.</param>
/// <param name="Obligation">One of <see cref="Obligations"/>.</param>
public sealed record SettingObligation(string Action, string Obligation);
