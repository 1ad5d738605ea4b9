using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AgentGate.Storage.Identity;

/// <summary>How often something was tried in a window.</summary>
internal sealed class AttemptRow : IEntityTypeConfiguration<AttemptRow>
{
    /// <summary>Kind, a colon and an HMAC of what is counted: an account, an address.</summary>
    public string Id { get; set; } = string.Empty;

    public string Tenant { get; set; } = string.Empty;

    public long Count { get; set; }

    public long WindowUntil { get; set; }

    public void Configure(EntityTypeBuilder<AttemptRow> builder)
    {
        builder.ToTable("attempts");
        builder.HasKey(r => r.Id);
        builder.HasIndex(r => r.WindowUntil);
        builder.Property(r => r.Id).HasColumnName("id");
        builder.Property(r => r.Tenant).HasColumnName("tenant");
        builder.Property(r => r.Count).HasColumnName("count");
        builder.Property(r => r.WindowUntil).HasColumnName("window_until");
    }
}
