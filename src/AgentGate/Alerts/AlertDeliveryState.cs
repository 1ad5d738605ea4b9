namespace AgentGate.Alerts;

/// <summary>How far a delivery is.</summary>
/// <param name="Channel">The channel.</param>
/// <param name="State">A word of <see cref="AlertStates"/>.</param>
/// <param name="Tries">How often it was tried.</param>
/// <param name="Failure">Why the last try failed, a word.</param>
internal sealed record AlertDeliveryState(string Channel, string State, long Tries, string? Failure);
