using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace AgentGate.Storage;

/// <summary>Lets <c>dotnet ef</c> see the model without a server.</summary>
internal sealed class DesignTimeContextFactory : IDesignTimeDbContextFactory<AgentGateDbContext>
{
    public AgentGateDbContext CreateDbContext(string[] args)
        => new(new DbContextOptionsBuilder<AgentGateDbContext>().UseSqlite("Data Source=design-time.db").Options);
}
