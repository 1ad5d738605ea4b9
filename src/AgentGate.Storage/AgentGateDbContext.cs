using Microsoft.EntityFrameworkCore;

namespace AgentGate.Storage;

/// <summary>The EF Core model of every store. Each slice adds its own <see cref="IEntityTypeConfiguration{TEntity}"/> in its folder.</summary>
internal sealed class AgentGateDbContext(DbContextOptions<AgentGateDbContext> options) : DbContext(options)
{
    protected override void OnModelCreating(ModelBuilder modelBuilder)
        => modelBuilder.ApplyConfigurationsFromAssembly(typeof(AgentGateDbContext).Assembly);
}
