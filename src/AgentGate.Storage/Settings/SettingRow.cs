using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AgentGate.Storage.Settings;

/// <summary>A setting of a tenant that somebody changed.</summary>
internal sealed class SettingRow : IEntityTypeConfiguration<SettingRow>
{
    public string Key { get; set; } = string.Empty;

    public string Tenant { get; set; } = string.Empty;

    /// <summary>JSON.</summary>
    public string Value { get; set; } = string.Empty;

    public long UpdatedAt { get; set; }

    public string UpdatedBy { get; set; } = string.Empty;

    public void Configure(EntityTypeBuilder<SettingRow> builder)
    {
        builder.ToTable("settings");
        builder.HasKey(r => new { r.Tenant, r.Key });
        builder.Property(r => r.Key).HasColumnName("key");
        builder.Property(r => r.Tenant).HasColumnName("tenant");
        builder.Property(r => r.Value).HasColumnName("value");
        builder.Property(r => r.UpdatedAt).HasColumnName("updated_at");
        builder.Property(r => r.UpdatedBy).HasColumnName("updated_by");
    }
}
