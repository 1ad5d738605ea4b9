using AgentGate.Cedar.Syntax;

namespace AgentGate.Cedar.Validation;

/// <summary>One thing the validator has to say about a policy.</summary>
/// <param name="Kind">Which, for programs.</param>
/// <param name="Diagnostic">What a policy author reads: policy id, place, message, help.</param>
public sealed record ValidationFinding(ValidationFindingKind Kind, CedarDiagnostic Diagnostic);
