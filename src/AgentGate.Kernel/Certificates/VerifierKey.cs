using System.Collections.Immutable;
using AgentGate.Kernel.Signing;

namespace AgentGate.Kernel.Certificates;

/// <summary>A public key with what it may sign. Immutable.</summary>
/// <param name="Key">The key.</param>
/// <param name="Roles">Its roles; it counts for nothing else.</param>
/// <param name="Name">The server's name, with which the origins of its logs begin, for <see cref="KeyRole.Checkpoints"/>.</param>
public sealed record VerifierKey(VerificationKey Key, ImmutableArray<KeyRole> Roles, string? Name = null);
