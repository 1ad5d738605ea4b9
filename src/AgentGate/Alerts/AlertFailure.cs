namespace AgentGate.Alerts;

/// <summary>Why an alert did not arrive.</summary>
/// <param name="Word">A word, for the list and the log.</param>
/// <param name="After">How long the receiver wants to be left alone, where it said so.</param>
/// <param name="IsFinal">Whether the receiver is gone for good, so that trying again is no use.</param>
internal sealed record AlertFailure(string Word, TimeSpan? After = null, bool IsFinal = false);
