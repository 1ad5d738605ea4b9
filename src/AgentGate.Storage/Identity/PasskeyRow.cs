using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AgentGate.Storage.Identity;

/// <summary>A WebAuthn credential of a user.</summary>
internal sealed class PasskeyRow : IEntityTypeConfiguration<PasskeyRow>
{
    /// <summary>The credential id in base64url; unique over all tenants.</summary>
    public string Id { get; set; } = string.Empty;

    public string Tenant { get; set; } = string.Empty;

    public string UserId { get; set; } = string.Empty;

    public string Name { get; set; } = string.Empty;

    /// <summary>What verifying takes: public key, counter, transports, flags, as JSON.</summary>
    public byte[] Data { get; set; } = [];

    public long CreatedAt { get; set; }

    public long? LastUsedAt { get; set; }

    public void Configure(EntityTypeBuilder<PasskeyRow> builder)
    {
        builder.ToTable("passkeys");
        builder.HasKey(r => r.Id);
        builder.HasIndex(r => new { r.Tenant, r.UserId });
        builder.Property(r => r.Id).HasColumnName("id");
        builder.Property(r => r.Tenant).HasColumnName("tenant");
        builder.Property(r => r.UserId).HasColumnName("user_id");
        builder.Property(r => r.Name).HasColumnName("name");
        builder.Property(r => r.Data).HasColumnName("data");
        builder.Property(r => r.CreatedAt).HasColumnName("created_at");
        builder.Property(r => r.LastUsedAt).HasColumnName("last_used_at");
    }
}
