using System.Runtime.CompilerServices;
using AgentGate.Cedar.Entities;
using AgentGate.Kernel.Canonical;

namespace AgentGate.Kernel.Admissibility;

/// <summary>
/// The canonical bytes of stores that serve many calls, written once and kept as long as the store lives. Thread-safe. A store that
/// is not kept is written anew with every α.
/// </summary>
public static class CanonicalEntities
{
    /// <summary>α, its array, the store's array.</summary>
    private const int OpenAround = 3;

    private static readonly ConditionalWeakTable<EntityStore, byte[]> Kept = [];

    /// <summary>Writes a store and keeps its bytes: worth it for a store that more than one call is judged with.</summary>
    /// <param name="entities">The store.</param>
    /// <exception cref="FormatException">It holds what canonical JSON cannot hold.</exception>
    public static void Keep(EntityStore entities) => Kept.AddOrUpdate(entities, Write(entities));

    /// <summary>The bytes of a store, kept or written now.</summary>
    internal static byte[] Of(EntityStore entities) => Kept.TryGetValue(entities, out var bytes) ? bytes : Write(entities);

    private static byte[] Write(EntityStore entities)
    {
        var output = new CanonicalBuffer(256 + (256 * entities.Count));
        CedarCanonical.WriteEntities(output, entities, OpenAround);
        return output.Written.ToArray();
    }
}
