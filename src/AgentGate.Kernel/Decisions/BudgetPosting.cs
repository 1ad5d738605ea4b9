namespace AgentGate.Kernel.Decisions;

/// <summary>
/// An amount of money on one budget: what an intent reserves, or what an outcome charges in place of the reservation.
/// </summary>
/// <param name="Rule">The name of the configured rule.</param>
/// <param name="Subject">Whose counter of that rule: a principal's id, a key's id, a tenant, or empty for a counter all share.</param>
/// <param name="Window">When the window of the counter began (UTC); <see cref="DateTimeOffset.UnixEpoch"/> for one that never ends.</param>
/// <param name="NanoUsd">The amount in billionths of a US dollar.</param>
public readonly record struct BudgetPosting(string Rule, string Subject, DateTimeOffset Window, long NanoUsd);
