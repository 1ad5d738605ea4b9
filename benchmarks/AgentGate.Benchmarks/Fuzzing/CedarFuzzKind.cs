namespace AgentGate.Benchmarks.Fuzzing;

/// <summary>What an input is read as.</summary>
internal enum CedarFuzzKind
{
    Policies,
    Schema,
    PolicyJson,
    EntitiesJson,
    SchemaJson,
    ContextJson,
}
