using AgentGate.Delegation;
using AgentGate.Kernel.Delegation;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AgentGate.Storage.Delegation;

/// <summary>The revocation of a grant. Times are milliseconds since 1970 (UTC).</summary>
internal sealed class GrantRevocationRow : IEntityTypeConfiguration<GrantRevocationRow>
{
    public string GrantId { get; set; } = string.Empty;

    public string Tenant { get; set; } = string.Empty;

    public long At { get; set; }

    public string Reason { get; set; } = string.Empty;

    public string RevokedBy { get; set; } = string.Empty;

    public string CallId { get; set; } = string.Empty;

    public static GrantRevocationRow From(StoredRevocation one) => new()
    {
        GrantId = one.Revocation.GrantId,
        Tenant = one.Tenant,
        At = one.Revocation.At.ToUnixTimeMilliseconds(),
        Reason = one.Revocation.Reason,
        RevokedBy = one.RevokedBy,
        CallId = one.CallId,
    };

    public StoredRevocation ToRevocation()
        => new(Tenant, new GrantRevocation(GrantId, DateTimeOffset.FromUnixTimeMilliseconds(At), Reason), RevokedBy, CallId);

    public void Configure(EntityTypeBuilder<GrantRevocationRow> builder)
    {
        builder.ToTable("grant_revocations");
        builder.HasKey(r => r.GrantId);
        builder.HasIndex(r => r.Tenant);
        builder.Property(r => r.GrantId).HasColumnName("grant_id");
        builder.Property(r => r.Tenant).HasColumnName("tenant");
        builder.Property(r => r.At).HasColumnName("at");
        builder.Property(r => r.Reason).HasColumnName("reason");
        builder.Property(r => r.RevokedBy).HasColumnName("revoked_by");
        builder.Property(r => r.CallId).HasColumnName("call_id");
    }
}
