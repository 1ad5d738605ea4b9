using AgentGate.Cedar.Schema;
using AgentGate.Cedar.Syntax;

namespace AgentGate.Cedar.Validation;

/// <summary>Checks policies against a schema: a valid policy raises no type error on any request and entities that conform. Thread-safe.</summary>
/// <param name="schema">The schema.</param>
public sealed class Validator(CedarSchema schema)
{
    private readonly CedarSchema _schema = schema;

    /// <summary>Checks every policy and template of a set.</summary>
    public ValidationResult Validate(PolicySet policies, ValidationMode mode = ValidationMode.Strict)
        => throw new NotImplementedException($"{_schema.Actions.Count} {policies.Policies.Count} {mode}");
}
