using System.Collections.Immutable;

namespace AgentGate.Pii.Vault;

/// <summary>Ties a provider's response id to the PII session of its conversation.</summary>
/// <param name="Session">The session.</param>
/// <param name="ResponseId">The provider's id of the response.</param>
/// <param name="Sent">Every token that this conversation has sent up to this response.</param>
internal sealed record PiiResponseLink(PiiSessionKey Session, string ResponseId, ImmutableArray<string> Sent);
