namespace AgentGate.Kernel.Signing;

/// <summary>A public key as a server publishes it.</summary>
/// <param name="Key">The key.</param>
/// <param name="Uses">What it may sign.</param>
/// <param name="NoteName">For <see cref="KeyUses.Checkpoints"/> the name in the signature lines of its notes; else usually <see langword="null"/>.</param>
public sealed record PublishedKey(VerificationKey Key, KeyUses Uses, string? NoteName = null);
