using AgentGate.Delegation;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AgentGate.Storage.Delegation;

/// <summary>A grant as it was signed. Times are milliseconds since 1970 (UTC).</summary>
internal sealed class GrantRow : IEntityTypeConfiguration<GrantRow>
{
    public string Id { get; set; } = string.Empty;

    public string Tenant { get; set; } = string.Empty;

    /// <summary>The signed grant's canonical bytes: what everything else is read from.</summary>
    public byte[] Signed { get; set; } = [];

    public long ExpiresAt { get; set; }

    public string IssuedBy { get; set; } = string.Empty;

    public string CallId { get; set; } = string.Empty;

    public static GrantRow From(StoredGrant grant) => new()
    {
        Id = grant.Id,
        Tenant = grant.Tenant,
        Signed = grant.Signed.ToArray(),
        ExpiresAt = grant.ExpiresAt.ToUnixTimeMilliseconds(),
        IssuedBy = grant.IssuedBy,
        CallId = grant.CallId,
    };

    public StoredGrant ToGrant() => new(Tenant, Id, Signed, DateTimeOffset.FromUnixTimeMilliseconds(ExpiresAt), IssuedBy, CallId);

    public void Configure(EntityTypeBuilder<GrantRow> builder)
    {
        builder.ToTable("grants");
        builder.HasKey(r => r.Id);
        builder.HasIndex(r => new { r.Tenant, r.ExpiresAt });
        builder.Property(r => r.Id).HasColumnName("id");
        builder.Property(r => r.Tenant).HasColumnName("tenant");
        builder.Property(r => r.Signed).HasColumnName("signed");
        builder.Property(r => r.ExpiresAt).HasColumnName("expires_at");
        builder.Property(r => r.IssuedBy).HasColumnName("issued_by");
        builder.Property(r => r.CallId).HasColumnName("call_id");
    }
}
