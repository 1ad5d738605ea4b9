namespace AgentGate.Settings;

/// <summary>A setting that somebody changed. Immutable.</summary>
/// <param name="Key">Its name.</param>
/// <param name="Value">JSON.</param>
/// <param name="UpdatedAt">When.</param>
/// <param name="UpdatedBy">Who, a pseudonym.</param>
internal sealed record StoredSetting(string Key, string Value, DateTimeOffset UpdatedAt, string UpdatedBy);
