using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AgentGate.Storage.Alerts;

/// <summary>An alert and how far its delivery is.</summary>
internal sealed class AlertRow : IEntityTypeConfiguration<AlertRow>
{
    public string Id { get; set; } = string.Empty;

    public string Tenant { get; set; } = string.Empty;

    public string Severity { get; set; } = string.Empty;

    public string Category { get; set; } = string.Empty;

    /// <summary>SHA-256 over what makes two alerts the same.</summary>
    public string Fingerprint { get; set; } = string.Empty;

    /// <summary>Encrypted: title, description, details.</summary>
    public byte[] Content { get; set; } = [];

    public long RaisedAt { get; set; }

    /// <summary>How often the same was raised meanwhile.</summary>
    public long Repeats { get; set; }

    public void Configure(EntityTypeBuilder<AlertRow> builder)
    {
        builder.ToTable("alerts");
        builder.HasKey(r => r.Id);
        builder.HasIndex(r => new { r.Tenant, r.RaisedAt });
        builder.HasIndex(r => new { r.Tenant, r.Fingerprint });
        builder.Property(r => r.Id).HasColumnName("id");
        builder.Property(r => r.Tenant).HasColumnName("tenant");
        builder.Property(r => r.Severity).HasColumnName("severity");
        builder.Property(r => r.Category).HasColumnName("category");
        builder.Property(r => r.Fingerprint).HasColumnName("fingerprint");
        builder.Property(r => r.Content).HasColumnName("content");
        builder.Property(r => r.RaisedAt).HasColumnName("raised_at");
        builder.Property(r => r.Repeats).HasColumnName("repeats");
    }
}
