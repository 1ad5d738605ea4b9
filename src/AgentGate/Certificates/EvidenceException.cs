using AgentGate.Diagnostics;

namespace AgentGate.Certificates;

/// <summary>Stored evidence cannot be read as what it was written as.</summary>
internal sealed class EvidenceException(string message, Exception? innerException = null)
    : Exception($"{Codes.EvidenceIntegrity}: {message}", innerException);
