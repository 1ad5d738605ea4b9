using Microsoft.EntityFrameworkCore.Design;

namespace AgentGate.Storage.Cluster;

/// <summary>Lets <c>dotnet ef</c> see the model as PostgreSQL has it, without a server.</summary>
internal sealed class DesignTimeContextFactory : IDesignTimeDbContextFactory<AgentGateDbContext>
{
    public AgentGateDbContext CreateDbContext(string[] args) => new(PostgresContexts.Options("Host=design-time"));
}
