using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AgentGate.Storage.Identity;

/// <summary>Ties an identity of a provider to a user.</summary>
internal sealed class IdentityLinkRow : IEntityTypeConfiguration<IdentityLinkRow>
{
    /// <summary>SHA-256 of issuer and subject, in hexadecimal.</summary>
    public string Id { get; set; } = string.Empty;

    public string Tenant { get; set; } = string.Empty;

    public string UserId { get; set; } = string.Empty;

    public string Issuer { get; set; } = string.Empty;

    public long CreatedAt { get; set; }

    public long LastSeenAt { get; set; }

    public void Configure(EntityTypeBuilder<IdentityLinkRow> builder)
    {
        builder.ToTable("identity_links");
        builder.HasKey(r => r.Id);
        builder.HasIndex(r => new { r.Tenant, r.UserId });
        builder.Property(r => r.Id).HasColumnName("id");
        builder.Property(r => r.Tenant).HasColumnName("tenant");
        builder.Property(r => r.UserId).HasColumnName("user_id");
        builder.Property(r => r.Issuer).HasColumnName("issuer");
        builder.Property(r => r.CreatedAt).HasColumnName("created_at");
        builder.Property(r => r.LastSeenAt).HasColumnName("last_seen_at");
    }
}
