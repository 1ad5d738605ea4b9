using AgentGate.Certificates;
using AgentGate.Kernel.Signing;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AgentGate.Storage.Certificates;

/// <summary>A registered safety node. Times are milliseconds since 1970 (UTC).</summary>
internal sealed class SafetyNodeRow : IEntityTypeConfiguration<SafetyNodeRow>
{
    public string Tenant { get; set; } = string.Empty;

    public string NodeId { get; set; } = string.Empty;

    public string Url { get; set; } = string.Empty;

    public int Algorithm { get; set; }

    public byte[] PublicKey { get; set; } = [];

    public long RegisteredAt { get; set; }

    public string RegisteredBy { get; set; } = string.Empty;

    public bool Removed { get; set; }

    public static SafetyNodeRow From(SafetyNode node) => new()
    {
        Tenant = node.Tenant!,
        NodeId = node.NodeId,
        Url = node.Url.AbsoluteUri,
        Algorithm = (int)node.Key.Algorithm,
        PublicKey = node.Key.PublicKey.ToArray(),
        RegisteredAt = (node.RegisteredAt ?? default).ToUnixTimeMilliseconds(),
        RegisteredBy = node.RegisteredBy ?? string.Empty,
    };

    public SafetyNode ToNode() => new()
    {
        Tenant = Tenant,
        NodeId = NodeId,
        Url = new Uri(Url),
        Key = VerificationKey.Create((SignatureAlgorithm)Algorithm, PublicKey),
        RegisteredAt = DateTimeOffset.FromUnixTimeMilliseconds(RegisteredAt),
        RegisteredBy = RegisteredBy,
        IsRemoved = Removed,
    };

    public void Configure(EntityTypeBuilder<SafetyNodeRow> builder)
    {
        builder.ToTable("safety_nodes");
        builder.HasKey(r => new { r.Tenant, r.NodeId });
        builder.Property(r => r.Tenant).HasColumnName("tenant");
        builder.Property(r => r.NodeId).HasColumnName("node_id");
        builder.Property(r => r.Url).HasColumnName("url");
        builder.Property(r => r.Algorithm).HasColumnName("algorithm");
        builder.Property(r => r.PublicKey).HasColumnName("public_key");
        builder.Property(r => r.RegisteredAt).HasColumnName("registered_at");
        builder.Property(r => r.RegisteredBy).HasColumnName("registered_by");
        builder.Property(r => r.Removed).HasColumnName("removed");
    }
}
