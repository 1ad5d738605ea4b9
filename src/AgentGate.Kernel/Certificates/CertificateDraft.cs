namespace AgentGate.Kernel.Certificates;

/// <summary>A certificate before it is signed: its body, ready to become a leaf of its batch. Immutable.</summary>
/// <param name="DecisionId">The decision.</param>
/// <param name="Body">The body's canonical bytes (docs/formats/certificate.md).</param>
/// <param name="Hash">SHA-256 of the body, lower-case hex: what the log entry names.</param>
public sealed record CertificateDraft(string DecisionId, ReadOnlyMemory<byte> Body, string Hash);
