using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AgentGate.Storage.Approvals;

/// <summary>A call that waits for people, and what they decided.</summary>
internal sealed class ApprovalRow : IEntityTypeConfiguration<ApprovalRow>
{
    public string Id { get; set; } = string.Empty;

    public string Tenant { get; set; } = string.Empty;

    /// <summary>The digest of the call, while the approval is live: of a call there is one. Then <see langword="null"/>.</summary>
    public string? LiveDigest { get; set; }

    public string Status { get; set; } = string.Empty;

    public string Principal { get; set; } = string.Empty;

    /// <summary>The id of the tool or model.</summary>
    public string Resource { get; set; } = string.Empty;

    public long CreatedAt { get; set; }

    public long ExpiresAt { get; set; }

    /// <summary>Whether every act is known to be on record.</summary>
    public bool IsRecorded { get; set; }

    /// <summary>Encrypted: all of it.</summary>
    public byte[] Content { get; set; } = [];

    public long Version { get; set; }

    public void Configure(EntityTypeBuilder<ApprovalRow> builder)
    {
        builder.ToTable("approvals");
        builder.HasKey(r => r.Id);
        builder.HasIndex(r => new { r.Tenant, r.LiveDigest }).IsUnique();
        builder.HasIndex(r => new { r.Tenant, r.CreatedAt });
        builder.HasIndex(r => new { r.Tenant, r.Principal, r.Status });
        builder.HasIndex(r => r.ExpiresAt);
        builder.Property(r => r.Version).IsConcurrencyToken();
        builder.Property(r => r.Id).HasColumnName("id");
        builder.Property(r => r.Tenant).HasColumnName("tenant");
        builder.Property(r => r.LiveDigest).HasColumnName("live_digest");
        builder.Property(r => r.Status).HasColumnName("status");
        builder.Property(r => r.Principal).HasColumnName("principal");
        builder.Property(r => r.Resource).HasColumnName("resource");
        builder.Property(r => r.CreatedAt).HasColumnName("created_at");
        builder.Property(r => r.ExpiresAt).HasColumnName("expires_at");
        builder.Property(r => r.IsRecorded).HasColumnName("is_recorded");
        builder.Property(r => r.Content).HasColumnName("content");
        builder.Property(r => r.Version).HasColumnName("version");
    }
}
