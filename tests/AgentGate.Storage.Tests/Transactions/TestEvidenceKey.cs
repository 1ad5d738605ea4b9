using AgentGate.Certificates;

namespace AgentGate.Storage.Tests.Transactions;

/// <summary>A master key that every process of a test has.</summary>
internal sealed class TestEvidenceKey : IEvidenceMasterKey
{
    public ReadOnlyMemory<byte> Key { get; } = new byte[32];
}
