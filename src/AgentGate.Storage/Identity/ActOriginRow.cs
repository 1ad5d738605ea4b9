using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AgentGate.Storage.Identity;

/// <summary>Where an act of a user came from, beside its log entry: address and user agent, encrypted under the user's key.</summary>
internal sealed class ActOriginRow : IEntityTypeConfiguration<ActOriginRow>
{
    /// <summary>The id of the log entry.</summary>
    public string Id { get; set; } = string.Empty;

    public string Tenant { get; set; } = string.Empty;

    /// <summary>Whose act, or empty where nobody is known.</summary>
    public string UserId { get; set; } = string.Empty;

    public byte[] Origin { get; set; } = [];

    public long At { get; set; }

    public void Configure(EntityTypeBuilder<ActOriginRow> builder)
    {
        builder.ToTable("act_origins");
        builder.HasKey(r => r.Id);
        builder.HasIndex(r => new { r.Tenant, r.UserId, r.At });
        builder.Property(r => r.Id).HasColumnName("id");
        builder.Property(r => r.Tenant).HasColumnName("tenant");
        builder.Property(r => r.UserId).HasColumnName("user_id");
        builder.Property(r => r.Origin).HasColumnName("origin");
        builder.Property(r => r.At).HasColumnName("at");
    }
}
