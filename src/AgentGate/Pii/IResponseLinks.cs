using AgentGate.Pipeline;

namespace AgentGate.Pii;

/// <summary>Lets a door that speaks of earlier responses by id tie an answer to the PII session of its call. Thread-safe.</summary>
internal interface IResponseLinks
{
    /// <summary>
    /// Ties a response to the session of its call, so that a later call of the same key can continue it. To be called before
    /// the caller learns the id. A session that lived in the call alone is stored now.
    /// </summary>
    /// <param name="call">The call as it was permitted.</param>
    /// <param name="scope">The call's facts.</param>
    /// <param name="responseId">The provider's id of the response.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="Vault.PiiVaultException">The session could not be stored: the answer must not go out with this id.</exception>
    ValueTask LinkAsync(GateCall call, CallScope scope, string responseId, CancellationToken cancellationToken);
}
