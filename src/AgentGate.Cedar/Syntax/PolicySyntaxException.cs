using System.Collections.Immutable;

namespace AgentGate.Cedar.Syntax;

/// <summary>A policy, in Cedar text or in the JSON policy format, that does not parse.</summary>
/// <param name="diagnostics">What is wrong; at least one.</param>
public sealed class PolicySyntaxException(ImmutableArray<CedarDiagnostic> diagnostics) : CedarException(diagnostics);
