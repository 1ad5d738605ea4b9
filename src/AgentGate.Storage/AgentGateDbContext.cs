using Microsoft.EntityFrameworkCore;

namespace AgentGate.Storage;

/// <summary>The EF Core model of every store. Each slice adds its own <see cref="IEntityTypeConfiguration{TEntity}"/> in its folder.</summary>
internal sealed class AgentGateDbContext(DbContextOptions<AgentGateDbContext> options) : DbContext(options)
{
    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.ApplyConfigurationsFromAssembly(typeof(AgentGateDbContext).Assembly);
        if (Database.ProviderName == "Npgsql.EntityFrameworkCore.PostgreSQL")
        {
            UseBytewiseOrder(modelBuilder);
        }
    }

    /// <summary>Text is compared byte by byte, as SQLite does it, whatever language a database was made for.</summary>
    private static void UseBytewiseOrder(ModelBuilder modelBuilder)
    {
        foreach (var property in modelBuilder.Model.GetEntityTypes().SelectMany(entity => entity.GetProperties()).Where(property => property.ClrType == typeof(string)))
        {
            property.SetCollation("C");
        }
    }
}
