using AgentGate.Identity;

namespace AgentGate.Server.Identity;

/// <summary>What an access token that was verified says. Immutable.</summary>
/// <param name="SessionId">The session it is of.</param>
/// <param name="UserId">Whose that is.</param>
/// <param name="Assurance">How sure the session was when the token was made.</param>
/// <param name="AuthTime">When its user had proved itself by then, in seconds of Unix.</param>
internal sealed record TokenProof(string SessionId, string UserId, Assurance Assurance, long AuthTime);
