using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AgentGate.Storage.Alerts;

/// <summary>One alert on its way through one channel.</summary>
internal sealed class AlertDeliveryRow : IEntityTypeConfiguration<AlertDeliveryRow>
{
    public string Id { get; set; } = string.Empty;

    public string Tenant { get; set; } = string.Empty;

    public string AlertId { get; set; } = string.Empty;

    public string Channel { get; set; } = string.Empty;

    /// <summary><c>waiting</c>, <c>sent</c>, <c>given-up</c>.</summary>
    public string State { get; set; } = string.Empty;

    public long Tries { get; set; }

    public long NextAt { get; set; }

    /// <summary>A word.</summary>
    public string? Failure { get; set; }

    public void Configure(EntityTypeBuilder<AlertDeliveryRow> builder)
    {
        builder.ToTable("alert_deliveries");
        builder.HasKey(r => r.Id);
        builder.HasIndex(r => new { r.State, r.NextAt });
        builder.HasIndex(r => new { r.Tenant, r.AlertId });
        builder.Property(r => r.Id).HasColumnName("id");
        builder.Property(r => r.Tenant).HasColumnName("tenant");
        builder.Property(r => r.AlertId).HasColumnName("alert_id");
        builder.Property(r => r.Channel).HasColumnName("channel");
        builder.Property(r => r.State).HasColumnName("state");
        builder.Property(r => r.Tries).HasColumnName("tries");
        builder.Property(r => r.NextAt).HasColumnName("next_at");
        builder.Property(r => r.Failure).HasColumnName("failure");
    }
}
