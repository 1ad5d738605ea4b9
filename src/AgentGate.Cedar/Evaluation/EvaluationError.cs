using AgentGate.Cedar.Syntax;

namespace AgentGate.Cedar.Evaluation;

/// <summary>Why a policy could not be evaluated.</summary>
/// <param name="PolicyId">The policy.</param>
/// <param name="Kind">Which error, for programs.</param>
/// <param name="Diagnostic">What a person reads.</param>
public sealed record EvaluationError(string PolicyId, EvaluationErrorKind Kind, CedarDiagnostic Diagnostic);
