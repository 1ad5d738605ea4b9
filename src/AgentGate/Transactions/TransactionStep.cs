namespace AgentGate.Transactions;

/// <summary>A step of a transaction: one governed call of a tool. Immutable: how it was when it was asked for.</summary>
/// <param name="CallId">The call, as log and traces name it.</param>
/// <param name="Tool">The tool.</param>
/// <param name="Compensation">The name of its compensation, if one is declared by now.</param>
/// <param name="State">How far it is.</param>
public sealed record TransactionStep(string CallId, string Tool, string? Compensation, StepState State);
