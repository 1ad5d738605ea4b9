using System.Collections.Immutable;
using AgentGate.Cedar.Syntax;

namespace AgentGate.Cedar.Schema;

/// <summary>A schema that does not parse, or whose names do not resolve.</summary>
/// <param name="diagnostics">What is wrong; at least one.</param>
public sealed class SchemaException(ImmutableArray<CedarDiagnostic> diagnostics) : CedarException(diagnostics);
