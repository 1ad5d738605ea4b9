using System.Collections.Immutable;

namespace AgentGate.Pii.Vault;

/// <summary>
/// Where PII sessions outlive a call: which token stands for which value, and which response continues which session.
/// </summary>
/// <remarks>
/// Thread-safe, also across processes on one store. In a session a value has one token for ever and a token one value;
/// numbers per type start at 1. A session that was not used for its time to live is gone: it reads as absent.
/// </remarks>
internal interface IPiiVault
{
    /// <summary>Gives each value its token, new ones in the order of the list, all or none. Counts as a use.</summary>
    /// <param name="session">The session.</param>
    /// <param name="values">The values; equal texts get equal tokens. May be empty.</param>
    /// <param name="create">Whether an absent session begins now.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The tokens, or <see langword="null"/> when the session is absent and must not begin.</returns>
    /// <exception cref="PiiVaultException">A record was changed or moved, or the store stayed busy.</exception>
    ValueTask<PiiAllocation?> TokenizeAsync(
        PiiSessionKey session, ImmutableArray<PiiValue> values, bool create, CancellationToken cancellationToken);

    /// <summary>The values of tokens, in their order.</summary>
    /// <param name="session">The session.</param>
    /// <param name="tokens">The tokens.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>One text per token, or <see langword="null"/> in the place of a token without a value.</returns>
    /// <exception cref="PiiVaultException">A record was changed or moved.</exception>
    ValueTask<ImmutableArray<string?>> ReadAsync(
        PiiSessionKey session, ImmutableArray<string> tokens, CancellationToken cancellationToken);

    /// <summary>Records that a response continues a session. The session must exist. Counts as a use.</summary>
    /// <param name="link">The link; one with the same owner and response id is replaced.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>Whether the session exists.</returns>
    ValueTask<bool> LinkAsync(PiiResponseLink link, CancellationToken cancellationToken);

    /// <summary>The link of a response, for the owner that made it and nobody else.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="owner">The owner, as in <see cref="PiiSessionKey.Owner"/>.</param>
    /// <param name="responseId">The provider's id of the response.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    ValueTask<PiiResponseLink?> FindLinkAsync(string tenant, string owner, string responseId, CancellationToken cancellationToken);

    /// <summary>Destroys a session's key and with it every value of the session.</summary>
    /// <param name="session">The session.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    ValueTask EraseAsync(PiiSessionKey session, CancellationToken cancellationToken);

    /// <summary>Erases every session whose time to live has passed.</summary>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>How many there were.</returns>
    ValueTask<int> PurgeExpiredAsync(CancellationToken cancellationToken);
}
