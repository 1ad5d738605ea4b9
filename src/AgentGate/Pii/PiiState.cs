using System.Collections.Immutable;
using AgentGate.Pii.Restoring;
using AgentGate.Pii.Vault;

namespace AgentGate.Pii;

/// <summary>What the Pii guard leaves in the scope of a call: its session and the tokens that may be restored for it.</summary>
/// <param name="CallId">The call it belongs to; a call inside it must not restore with it.</param>
/// <param name="Session">The stored session, or <see langword="null"/> while the session lives in this call alone.</param>
/// <param name="Live">The tokens that may be restored: those this call sent, or this conversation.</param>
/// <param name="Sent">The same tokens, for the link of the response.</param>
/// <param name="Values">The values of a session that lives in this call alone, in the order of their first occurrence.</param>
/// <param name="BindingKey">The session's key for binding raw content.</param>
internal sealed record PiiState(
    string CallId,
    PiiSessionKey? Session,
    LiveTokens Live,
    ImmutableArray<string> Sent,
    ImmutableArray<PiiValue> Values,
    ReadOnlyMemory<byte> BindingKey);
