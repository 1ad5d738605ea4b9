using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;

namespace AgentGate.Storage;

/// <summary>
/// The EF Core model of every store. Each slice adds its own <see cref="IEntityTypeConfiguration{TEntity}"/> in its folder. Every query of
/// an entity with a tenant is narrowed to the scope of the context, here and nowhere else; without a scope nothing is seen.
/// </summary>
/// <param name="options">Provider and connection.</param>
/// <param name="scope">Whose rows; <see langword="null"/> for contexts that make tables and read none.</param>
internal sealed class AgentGateDbContext(DbContextOptions<AgentGateDbContext> options, TenantScope? scope = null) : DbContext(options)
{
    /// <summary>What the tenant of an entity is called. An entity without it is nobody's, and stands on the list of a test.</summary>
    public const string TenantProperty = "Tenant";

    private string? Tenant { get; } = scope?.Tenant;

    private bool SeesAll { get; } = scope?.SeesAll ?? false;

    public override int SaveChanges(bool acceptAllChangesOnSuccess)
    {
        RefuseForeignRows();
        RefuseNul();
        return base.SaveChanges(acceptAllChangesOnSuccess);
    }

    public override Task<int> SaveChangesAsync(bool acceptAllChangesOnSuccess, CancellationToken cancellationToken = default)
    {
        RefuseForeignRows();
        RefuseNul();
        return base.SaveChangesAsync(acceptAllChangesOnSuccess, cancellationToken);
    }

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.ApplyConfigurationsFromAssembly(typeof(AgentGateDbContext).Assembly);
        foreach (var entity in modelBuilder.Model.GetEntityTypes().Where(entity => entity.FindProperty(TenantProperty) is not null))
        {
            modelBuilder.Entity(entity.ClrType).HasQueryFilter(OwnRows(entity));
        }

        if (Database.ProviderName == "Npgsql.EntityFrameworkCore.PostgreSQL")
        {
            UseBytewiseOrder(modelBuilder);
        }
    }

    /// <summary><c>row => SeesAll || row.Tenant == Tenant</c>, with the values of the context that asks.</summary>
    private LambdaExpression OwnRows(IMutableEntityType entity)
    {
        var row = Expression.Parameter(entity.ClrType, "row");
        var context = Expression.Constant(this);
        return Expression.Lambda(
            Expression.OrElse(
                Expression.Property(context, nameof(SeesAll)),
                Expression.Equal(Expression.Property(row, TenantProperty), Expression.Property(context, nameof(Tenant)))),
            row);
    }

    /// <summary>What a filter is to reading, this is to writing.</summary>
    private void RefuseForeignRows()
    {
        if (SeesAll)
        {
            return;
        }

        foreach (var entry in ChangeTracker.Entries().Where(entry => entry.State is EntityState.Added or EntityState.Modified or EntityState.Deleted))
        {
            if (entry.Metadata.FindProperty(TenantProperty) is { } property
                && ((string?)entry.CurrentValues[property] != Tenant || (entry.State != EntityState.Added && (string?)entry.OriginalValues[property] != Tenant)))
            {
                throw new InvalidOperationException($"A row of {entry.Metadata.GetTableName()} belongs to another tenant than the context that would write it.");
            }
        }
    }

    /// <summary>
    /// PostgreSQL's text holds no U+0000 and SQLite's does: neither profile stores it. What callers send is refused before it comes here; this
    /// is for what comes another way.
    /// </summary>
    private void RefuseNul()
    {
        foreach (var entry in ChangeTracker.Entries().Where(entry => entry.State is EntityState.Added or EntityState.Modified))
        {
            foreach (var property in entry.Metadata.GetProperties().Where(property => property.ClrType == typeof(string)))
            {
                if (((string?)entry.CurrentValues[property])?.Contains('\0', StringComparison.Ordinal) == true)
                {
                    throw new InvalidOperationException($"The text {entry.Metadata.GetTableName()}.{property.GetColumnName()} holds the character U+0000, which no text may hold.");
                }
            }
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
