namespace AgentGate.Kernel.Decisions;

/// <summary>Something a guard noticed. Never holds the text itself.</summary>
/// <param name="Rule">What was found, for example a PII type <c>SSN</c> or a rule id.</param>
/// <param name="Address">Where: a JSON pointer into the content, or <see langword="null"/> for the whole call.</param>
/// <param name="Count">How often.</param>
/// <param name="Note">A short remark from a fixed vocabulary, for example <c>token kept in url</c>, or the id of a policy.</param>
public sealed record Finding(string Rule, string? Address = null, int Count = 1, string? Note = null);
