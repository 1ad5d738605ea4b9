using AgentGate.Audit;
using AgentGate.Storage.Tests.Conformance;

namespace AgentGate.Storage.Tests.Audit.Tiles;

/// <summary>The log in memory keeps its tiles itself.</summary>
public sealed class InMemoryAuditLogTests : LogTilesConformance
{
    private protected override Task<ILogTiles> CreateAsync() => Task.FromResult<ILogTiles>(new InMemoryAuditLog(new AuditOptions()));
}
