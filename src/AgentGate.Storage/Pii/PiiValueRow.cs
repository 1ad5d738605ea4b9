using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AgentGate.Storage.Pii;

/// <summary>One value of a PII session. The two unique indexes hold what is promised: one token a value, one value a token.</summary>
internal sealed class PiiValueRow : IEntityTypeConfiguration<PiiValueRow>
{
    public string Tenant { get; set; } = string.Empty;

    public string SessionId { get; set; } = string.Empty;

    public string Type { get; set; } = string.Empty;

    public long Number { get; set; }

    /// <summary>The format of this record.</summary>
    public int Version { get; set; }

    /// <summary>HMAC-SHA-256 of the value under a key of the session, to find equal values.</summary>
    public byte[] Lookup { get; set; } = [];

    /// <summary>Nonce, ciphertext and tag of the value.</summary>
    public byte[] Ciphertext { get; set; } = [];

    public void Configure(EntityTypeBuilder<PiiValueRow> builder)
    {
        builder.ToTable("pii_values");
        builder.HasKey(row => new { row.SessionId, row.Type, row.Number });
        builder.Property(row => row.Tenant).HasColumnName("tenant");
        builder.Property(row => row.SessionId).HasColumnName("session_id");
        builder.Property(row => row.Type).HasColumnName("type");
        builder.Property(row => row.Number).HasColumnName("number");
        builder.Property(row => row.Version).HasColumnName("version");
        builder.Property(row => row.Lookup).HasColumnName("lookup");
        builder.Property(row => row.Ciphertext).HasColumnName("ciphertext");
        builder.HasIndex(row => new { row.SessionId, row.Lookup }).IsUnique();
        builder.HasOne<PiiSessionRow>().WithMany().HasForeignKey(row => row.SessionId).OnDelete(DeleteBehavior.Cascade);
    }
}
