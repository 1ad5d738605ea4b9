using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AgentGate.Storage.Threats;

/// <summary>A network address that is refused for a while.</summary>
internal sealed class BlockedAddressRow : IEntityTypeConfiguration<BlockedAddressRow>
{
    /// <summary>HMAC-SHA-256 of the address, in hexadecimal.</summary>
    public string Id { get; set; } = string.Empty;

    public string Tenant { get; set; } = string.Empty;

    /// <summary>Encrypted.</summary>
    public byte[] Address { get; set; } = [];

    /// <summary>A word.</summary>
    public string Reason { get; set; } = string.Empty;

    /// <summary>The user who blocked it, or <c>system</c>.</summary>
    public string BlockedBy { get; set; } = string.Empty;

    public long BlockedAt { get; set; }

    public long ExpiresAt { get; set; }

    public void Configure(EntityTypeBuilder<BlockedAddressRow> builder)
    {
        builder.ToTable("blocked_addresses");
        builder.HasKey(r => r.Id);
        builder.HasIndex(r => new { r.Tenant, r.ExpiresAt });
        builder.Property(r => r.Id).HasColumnName("id");
        builder.Property(r => r.Tenant).HasColumnName("tenant");
        builder.Property(r => r.Address).HasColumnName("address");
        builder.Property(r => r.Reason).HasColumnName("reason");
        builder.Property(r => r.BlockedBy).HasColumnName("blocked_by");
        builder.Property(r => r.BlockedAt).HasColumnName("blocked_at");
        builder.Property(r => r.ExpiresAt).HasColumnName("expires_at");
    }
}
