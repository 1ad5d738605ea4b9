using AgentGate.Cedar.Syntax;

namespace AgentGate.Cedar.Schema;

/// <summary>A resolved type with its measure: common types are shared, so a short schema can stand for a type of any size.</summary>
/// <param name="Type">The type.</param>
/// <param name="Depth">How deep it is nested.</param>
/// <param name="Size">How many types it consists of, shared ones counted each time.</param>
internal readonly record struct SizedType(CedarType Type, int Depth, long Size)
{
    /// <summary>Whether it is small enough for everything that walks types.</summary>
    public bool IsWithinLimits => Depth <= CedarLimits.MaxDepth && Size <= CedarLimits.MaxTypeSize;
}
