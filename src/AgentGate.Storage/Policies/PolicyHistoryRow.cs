using AgentGate.Policies.Versions;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AgentGate.Storage.Policies;

/// <summary>A line of the history of a tenant's policies. Triggers of the database refuse to change or delete one.</summary>
internal sealed class PolicyHistoryRow : IEntityTypeConfiguration<PolicyHistoryRow>
{
    public string Tenant { get; set; } = string.Empty;

    public long Seq { get; set; }

    /// <summary>Milliseconds since 1970 (UTC).</summary>
    public long At { get; set; }

    /// <summary>The name of a <see cref="PolicyEvent"/>.</summary>
    public string Event { get; set; } = string.Empty;

    public int Number { get; set; }

    public string? TextHash { get; set; }

    public string By { get; set; } = string.Empty;

    public string? CallId { get; set; }

    public PolicyHistoryEntry ToEntry()
        => new(Seq, DateTimeOffset.FromUnixTimeMilliseconds(At), Enum.Parse<PolicyEvent>(Event), Number, TextHash, By, CallId);

    public void Configure(EntityTypeBuilder<PolicyHistoryRow> builder)
    {
        builder.ToTable("policy_history");
        builder.HasKey(r => new { r.Tenant, r.Seq });
        builder.Property(r => r.Tenant).HasColumnName("tenant");
        builder.Property(r => r.Seq).HasColumnName("seq").ValueGeneratedNever();
        builder.Property(r => r.At).HasColumnName("at");
        builder.Property(r => r.Event).HasColumnName("event");
        builder.Property(r => r.Number).HasColumnName("number");
        builder.Property(r => r.TextHash).HasColumnName("text_hash");
        builder.Property(r => r.By).HasColumnName("by");
        builder.Property(r => r.CallId).HasColumnName("call_id");
    }
}
