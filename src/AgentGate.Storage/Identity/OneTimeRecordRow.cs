using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AgentGate.Storage.Identity;

/// <summary>Something that is good once, for a while: an invitation, a challenge, a device code, a ticket.</summary>
internal sealed class OneTimeRecordRow : IEntityTypeConfiguration<OneTimeRecordRow>
{
    /// <summary>Kind, a colon and the SHA-256 of the secret in hexadecimal.</summary>
    public string Id { get; set; } = string.Empty;

    public string Tenant { get; set; } = string.Empty;

    public string Kind { get; set; } = string.Empty;

    /// <summary>Whose, or empty.</summary>
    public string UserId { get; set; } = string.Empty;

    /// <summary>Encrypted.</summary>
    public byte[] Content { get; set; } = [];

    public long CreatedAt { get; set; }

    public long ExpiresAt { get; set; }

    public long Version { get; set; }

    public void Configure(EntityTypeBuilder<OneTimeRecordRow> builder)
    {
        builder.ToTable("one_time_records");
        builder.HasKey(r => r.Id);
        builder.HasIndex(r => new { r.Tenant, r.Kind });
        builder.HasIndex(r => r.ExpiresAt);
        builder.Property(r => r.Version).IsConcurrencyToken();
        builder.Property(r => r.Id).HasColumnName("id");
        builder.Property(r => r.Tenant).HasColumnName("tenant");
        builder.Property(r => r.Kind).HasColumnName("kind");
        builder.Property(r => r.UserId).HasColumnName("user_id");
        builder.Property(r => r.Content).HasColumnName("content");
        builder.Property(r => r.CreatedAt).HasColumnName("created_at");
        builder.Property(r => r.ExpiresAt).HasColumnName("expires_at");
        builder.Property(r => r.Version).HasColumnName("version");
    }
}
