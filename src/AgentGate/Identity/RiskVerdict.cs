namespace AgentGate.Identity;

/// <summary>What the model of risk says of an action.</summary>
/// <param name="Principal">The risk of who acts, 0 to 4.</param>
/// <param name="Effective">The greatest of all risks, 0 to 4.</param>
/// <param name="Required">How sure the session has to be.</param>
/// <param name="Allowed">Whether it may go on.</param>
/// <param name="Reason">Why.</param>
/// <param name="Obligations">What is owed beside it.</param>
internal sealed record RiskVerdict(int Principal, int Effective, Assurance Required, bool Allowed, string Reason, IReadOnlyList<string> Obligations);
