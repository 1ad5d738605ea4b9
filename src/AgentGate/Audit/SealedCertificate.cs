using AgentGate.Kernel.Certificates;
using AgentGate.Pipeline;

namespace AgentGate.Audit;

/// <summary>A certificate as its batch sealed it, to be stored with the entry that names it.</summary>
/// <param name="Tenant">Whose log.</param>
/// <param name="Seq">The entry's number in it.</param>
/// <param name="Record">The record: its <see cref="DecisionRecord.Certificate"/> is never <see langword="null"/> here.</param>
/// <param name="Seal">Signature and place.</param>
internal readonly record struct SealedCertificate(string Tenant, long Seq, DecisionRecord Record, CertificateSeal Seal);
