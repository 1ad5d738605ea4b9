using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AgentGate.Storage.Identity;

/// <summary>The key under which a user's addresses are encrypted, wrapped; destroying it erases them.</summary>
internal sealed class UserKeyRow : IEntityTypeConfiguration<UserKeyRow>
{
    public string UserId { get; set; } = string.Empty;

    public string Tenant { get; set; } = string.Empty;

    public byte[] Wrapped { get; set; } = [];

    public long CreatedAt { get; set; }

    public void Configure(EntityTypeBuilder<UserKeyRow> builder)
    {
        builder.ToTable("user_keys");
        builder.HasKey(r => r.UserId);
        builder.HasIndex(r => r.Tenant);
        builder.Property(r => r.UserId).HasColumnName("user_id");
        builder.Property(r => r.Tenant).HasColumnName("tenant");
        builder.Property(r => r.Wrapped).HasColumnName("wrapped");
        builder.Property(r => r.CreatedAt).HasColumnName("created_at");
    }
}
