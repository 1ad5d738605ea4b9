using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AgentGate.Storage.Pii;

/// <summary>Ties a provider's response id to the PII session of its conversation.</summary>
internal sealed class PiiResponseLinkRow : IEntityTypeConfiguration<PiiResponseLinkRow>
{
    public string Tenant { get; set; } = string.Empty;

    public string Owner { get; set; } = string.Empty;

    public string ResponseId { get; set; } = string.Empty;

    /// <summary>The format of this record.</summary>
    public int Version { get; set; }

    public string SessionId { get; set; } = string.Empty;

    /// <summary>The tokens that the conversation has sent, separated by one space.</summary>
    public string Sent { get; set; } = string.Empty;

    public void Configure(EntityTypeBuilder<PiiResponseLinkRow> builder)
    {
        builder.ToTable("pii_response_links");
        builder.HasKey(row => new { row.Tenant, row.Owner, row.ResponseId });
        builder.Property(row => row.Tenant).HasColumnName("tenant");
        builder.Property(row => row.Owner).HasColumnName("owner");
        builder.Property(row => row.ResponseId).HasColumnName("response_id");
        builder.Property(row => row.Version).HasColumnName("version");
        builder.Property(row => row.SessionId).HasColumnName("session_id");
        builder.Property(row => row.Sent).HasColumnName("sent");
        builder.HasOne<PiiSessionRow>().WithMany().HasForeignKey(row => row.SessionId).OnDelete(DeleteBehavior.Cascade);
    }
}
