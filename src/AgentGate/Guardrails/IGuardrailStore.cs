namespace AgentGate.Guardrails;

/// <summary>Where tracks are kept. Thread-safe.</summary>
/// <remarks>
/// A change reads all its tracks, decides, and is written, as one step: no other change of one of them comes in between, whichever
/// process asks. What is written stays written.
/// </remarks>
internal interface IGuardrailStore
{
    /// <summary>Changes tracks.</summary>
    /// <param name="keys">The tracks, in their order, none twice.</param>
    /// <param name="change">Is given the tracks, an empty one for each that is not there, and the store's time. Those it marks as changed are written.</param>
    /// <param name="cancellationToken">Cancelled when the caller goes away.</param>
    /// <exception cref="GuardrailStoreLostException">The store cannot be asked.</exception>
    ValueTask<T> ChangeAsync<T>(IReadOnlyList<TrackKey> keys, Func<IReadOnlyList<GuardrailTrack>, DateTimeOffset, T> change, CancellationToken cancellationToken);

    /// <summary>The tracks of a tenant, by set, rule and scope.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="guardrail">One set as the store calls it.</param>
    /// <param name="most">How many at most.</param>
    /// <param name="cancellationToken">Cancelled when the caller goes away.</param>
    /// <exception cref="GuardrailStoreLostException">The store cannot be asked.</exception>
    ValueTask<IReadOnlyList<(TrackKey Key, GuardrailTrack Track)>> ListAsync(string tenant, string guardrail, int most, CancellationToken cancellationToken);

    /// <summary>Forgets tracks of a tenant.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="guardrail">The set as the store calls it.</param>
    /// <param name="rule">One rule, or <see langword="null"/> for all.</param>
    /// <param name="scope">One scope, or <see langword="null"/> for all.</param>
    /// <param name="cancellationToken">Cancelled when the caller goes away.</param>
    /// <returns>How many.</returns>
    /// <exception cref="GuardrailStoreLostException">The store cannot be asked.</exception>
    ValueTask<int> RemoveAsync(string tenant, string guardrail, string? rule, string? scope, CancellationToken cancellationToken);

    /// <summary>Drops what does not matter any more.</summary>
    /// <exception cref="GuardrailStoreLostException">The store cannot be asked.</exception>
    ValueTask<int> PurgeAsync(CancellationToken cancellationToken);
}
