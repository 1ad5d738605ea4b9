using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AgentGate.Storage.Identity;

/// <summary>A refresh token that was exchanged: whoever shows it again holds a copy.</summary>
internal sealed class UsedRefreshTokenRow : IEntityTypeConfiguration<UsedRefreshTokenRow>
{
    /// <summary>SHA-256 of the token, in hexadecimal.</summary>
    public string Digest { get; set; } = string.Empty;

    public string Tenant { get; set; } = string.Empty;

    public string SessionId { get; set; } = string.Empty;

    public long UsedAt { get; set; }

    public long ExpiresAt { get; set; }

    public void Configure(EntityTypeBuilder<UsedRefreshTokenRow> builder)
    {
        builder.ToTable("used_refresh_tokens");
        builder.HasKey(r => r.Digest);
        builder.HasIndex(r => r.SessionId);
        builder.HasIndex(r => r.ExpiresAt);
        builder.Property(r => r.Digest).HasColumnName("digest");
        builder.Property(r => r.Tenant).HasColumnName("tenant");
        builder.Property(r => r.SessionId).HasColumnName("session_id");
        builder.Property(r => r.UsedAt).HasColumnName("used_at");
        builder.Property(r => r.ExpiresAt).HasColumnName("expires_at");
    }
}
