using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AgentGate.Storage.Identity;

/// <summary>A permission about personal data that a user was given, for a while.</summary>
internal sealed class PiiPermissionRow : IEntityTypeConfiguration<PiiPermissionRow>
{
    public string Id { get; set; } = string.Empty;

    public string Tenant { get; set; } = string.Empty;

    public string UserId { get; set; } = string.Empty;

    public string Permission { get; set; } = string.Empty;

    public string GrantedBy { get; set; } = string.Empty;

    public long GrantedAt { get; set; }

    public long? ExpiresAt { get; set; }

    public string Reason { get; set; } = string.Empty;

    public void Configure(EntityTypeBuilder<PiiPermissionRow> builder)
    {
        builder.ToTable("pii_permissions");
        builder.HasKey(r => r.Id);
        builder.HasIndex(r => new { r.Tenant, r.UserId, r.Permission }).IsUnique();
        builder.Property(r => r.Id).HasColumnName("id");
        builder.Property(r => r.Tenant).HasColumnName("tenant");
        builder.Property(r => r.UserId).HasColumnName("user_id");
        builder.Property(r => r.Permission).HasColumnName("permission");
        builder.Property(r => r.GrantedBy).HasColumnName("granted_by");
        builder.Property(r => r.GrantedAt).HasColumnName("granted_at");
        builder.Property(r => r.ExpiresAt).HasColumnName("expires_at");
        builder.Property(r => r.Reason).HasColumnName("reason");
    }
}
