using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AgentGate.Storage.Pii;

/// <summary>A stored PII session. Without its wrapped key none of its values can be read.</summary>
internal sealed class PiiSessionRow : IEntityTypeConfiguration<PiiSessionRow>
{
    /// <summary>A UUIDv7, new each time a session of the same name begins again.</summary>
    public string Id { get; set; } = string.Empty;

    /// <summary>The format of this record.</summary>
    public int Version { get; set; }

    public string Tenant { get; set; } = string.Empty;

    public string Owner { get; set; } = string.Empty;

    public string Name { get; set; } = string.Empty;

    /// <summary>Nonce, ciphertext and tag of the session's data key.</summary>
    public byte[] WrappedKey { get; set; } = [];

    /// <summary>Milliseconds since 1970 (UTC).</summary>
    public long ExpiresAt { get; set; }

    public void Configure(EntityTypeBuilder<PiiSessionRow> builder)
    {
        builder.ToTable("pii_sessions");
        builder.HasKey(row => row.Id);
        builder.Property(row => row.Id).HasColumnName("id");
        builder.Property(row => row.Version).HasColumnName("version");
        builder.Property(row => row.Tenant).HasColumnName("tenant");
        builder.Property(row => row.Owner).HasColumnName("owner");
        builder.Property(row => row.Name).HasColumnName("name");
        builder.Property(row => row.WrappedKey).HasColumnName("wrapped_key");
        builder.Property(row => row.ExpiresAt).HasColumnName("expires_at");
        builder.HasIndex(row => new { row.Tenant, row.Owner, row.Name }).IsUnique();
        builder.HasIndex(row => row.ExpiresAt);
    }
}
