namespace AgentGate.Kernel.Transparency;

/// <summary>A signature that was checked and is valid.</summary>
/// <param name="Key">Whose.</param>
/// <param name="Signature">The line.</param>
/// <param name="At">When a witness made it, by the witness's clock, to the second; <see langword="null"/> for a log's own signature.</param>
public sealed record VerifiedSignature(NoteKey Key, NoteSignature Signature, DateTimeOffset? At);
