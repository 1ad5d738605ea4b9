using System.Collections.Immutable;

namespace AgentGate.Pipeline;

/// <summary>Proves that an entry stands in a tenant's log. Thread-safe.</summary>
internal interface ILogProofs
{
    /// <summary>Proves an entry under a signed checkpoint that covers it; has one signed where none does yet.</summary>
    /// <param name="tenant">Whose log.</param>
    /// <param name="seq">The entry's number, from 1.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    /// <returns>The proof, or <see langword="null"/> where there is no checkpoint that covers the entry.</returns>
    ValueTask<LogProof?> ProveAsync(string tenant, long seq, CancellationToken cancellationToken);
}

/// <summary>An entry with its inclusion proof. Immutable.</summary>
/// <param name="Entry">The entry's canonical bytes.</param>
/// <param name="Index">Its leaf, from 0.</param>
/// <param name="Path">The inclusion proof (RFC 9162 §2.1.3.1), 32 bytes each.</param>
/// <param name="Checkpoint">The signed note.</param>
internal sealed record LogProof(ReadOnlyMemory<byte> Entry, long Index, ImmutableArray<ReadOnlyMemory<byte>> Path, string Checkpoint);
