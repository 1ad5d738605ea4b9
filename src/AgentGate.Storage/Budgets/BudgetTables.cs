using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AgentGate.Storage.Budgets;

/// <summary>
/// What each subject spent in each window. Written with the outcomes that charge it, in their transaction; EF Core makes
/// the table, <see cref="BudgetPostings"/> writes it.
/// </summary>
internal sealed class BudgetSpentRow : IEntityTypeConfiguration<BudgetSpentRow>
{
    public string Tenant { get; set; } = string.Empty;

    public string Rule { get; set; } = string.Empty;

    public string Subject { get; set; } = string.Empty;

    /// <summary>Milliseconds since 1970 (UTC); 0 for a budget without a window.</summary>
    public long WindowStart { get; set; }

    /// <summary>Billionths of a US dollar.</summary>
    public long NanoUsd { get; set; }

    public void Configure(EntityTypeBuilder<BudgetSpentRow> builder)
    {
        builder.ToTable("budget_spent");
        builder.HasKey(r => new { r.Tenant, r.Rule, r.Subject, r.WindowStart });
        builder.Property(r => r.Tenant).HasColumnName("tenant");
        builder.Property(r => r.Rule).HasColumnName("rule");
        builder.Property(r => r.Subject).HasColumnName("subject");
        builder.Property(r => r.WindowStart).HasColumnName("window_start");
        builder.Property(r => r.NanoUsd).HasColumnName("nano_usd");
    }
}

/// <summary>What calls without an outcome have reserved: as many rows as budgets of running calls.</summary>
internal sealed class BudgetOpenRow : IEntityTypeConfiguration<BudgetOpenRow>
{
    public string Tenant { get; set; } = string.Empty;

    public string CallId { get; set; } = string.Empty;

    public string Rule { get; set; } = string.Empty;

    public string Subject { get; set; } = string.Empty;

    /// <summary>Milliseconds since 1970 (UTC); 0 for a budget without a window.</summary>
    public long WindowStart { get; set; }

    /// <summary>Billionths of a US dollar.</summary>
    public long NanoUsd { get; set; }

    public void Configure(EntityTypeBuilder<BudgetOpenRow> builder)
    {
        builder.ToTable("budget_open");
        builder.HasKey(r => new { r.Tenant, r.CallId, r.Rule });
        builder.Property(r => r.Tenant).HasColumnName("tenant");
        builder.Property(r => r.CallId).HasColumnName("call_id");
        builder.Property(r => r.Rule).HasColumnName("rule");
        builder.Property(r => r.Subject).HasColumnName("subject");
        builder.Property(r => r.WindowStart).HasColumnName("window_start");
        builder.Property(r => r.NanoUsd).HasColumnName("nano_usd");
    }
}
