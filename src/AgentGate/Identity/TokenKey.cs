using System.Collections.Immutable;

namespace AgentGate.Identity;

/// <summary>A key that signs access tokens. Immutable.</summary>
/// <param name="Id">The key id (<c>kid</c>).</param>
/// <param name="PrivateKey">PKCS #8; P-256.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="RetiredAt">From when on it signs nothing; <see langword="null"/> for the one that signs.</param>
internal sealed record TokenKey(string Id, ImmutableArray<byte> PrivateKey, DateTimeOffset CreatedAt, DateTimeOffset? RetiredAt);
