using System.Collections.Immutable;
using AgentGate.Cedar.Syntax;

namespace AgentGate.Cedar.Entities;

/// <summary>Entities, a context or a request that are not well formed, or that do not conform to the schema.</summary>
/// <param name="diagnostics">What is wrong; at least one.</param>
public sealed class EntityDataException(ImmutableArray<CedarDiagnostic> diagnostics) : CedarException(diagnostics);
