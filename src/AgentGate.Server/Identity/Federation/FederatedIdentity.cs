using AgentGate.Identity;

namespace AgentGate.Server.Identity.Federation;

/// <summary>What a token that was verified says of a person. Immutable.</summary>
/// <param name="Subject">The provider's name for the person.</param>
/// <param name="VerifiedEmail">The e-mail address, if the provider says that it is the person's own.</param>
/// <param name="Name">What the person is called, or <see langword="null"/>.</param>
/// <param name="RoleValues">The values of the claim that rules look at.</param>
/// <param name="Assurance">How sure the provider is.</param>
/// <param name="Methods">How the person proved itself there.</param>
/// <param name="ProvedAt">When. Where the provider does not say, long ago: nothing shows that the proof is fresh.</param>
internal sealed record FederatedIdentity(
    string Subject, string? VerifiedEmail, string? Name, IReadOnlyList<string> RoleValues, Assurance Assurance, IReadOnlyList<string> Methods, DateTimeOffset ProvedAt);
