using System.Collections.Immutable;
using AgentGate.Cedar.Entities;
using AgentGate.Cedar.Schema;
using AgentGate.Cedar.Syntax;

namespace AgentGate.Cedar.Validation;

/// <summary>Checks requests and entities against a schema. Thread-safe.</summary>
/// <param name="schema">The schema.</param>
public sealed class RequestValidator(CedarSchema schema)
{
    private readonly CedarSchema _schema = schema;

    /// <summary>What keeps a request from conforming; empty when it does.</summary>
    public ImmutableArray<CedarDiagnostic> Check(AuthorizationRequest request) => throw new NotImplementedException($"{_schema} {request}");

    /// <summary>What keeps an entity from conforming; empty when it does.</summary>
    public ImmutableArray<CedarDiagnostic> Check(Entity entity) => throw new NotImplementedException($"{_schema} {entity}");
}
