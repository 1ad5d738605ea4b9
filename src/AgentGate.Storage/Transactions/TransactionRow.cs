using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AgentGate.Storage.Transactions;

/// <summary>A transaction. The outermost one has the lease, and the key under which what steps got and gave is encrypted.</summary>
internal sealed class TransactionRow : IEntityTypeConfiguration<TransactionRow>
{
    public string Id { get; set; } = string.Empty;

    public string Tenant { get; set; } = string.Empty;

    public string RootId { get; set; } = string.Empty;

    public string? ParentId { get; set; }

    public string Principal { get; set; } = string.Empty;

    public string? Name { get; set; }

    public string State { get; set; } = string.Empty;

    public long BegunAt { get; set; }

    public long? EndedAt { get; set; }

    /// <summary>The process that has it, or <see langword="null"/> where nobody needs to.</summary>
    public string? LeaseOwner { get; set; }

    public long? LeaseUntil { get; set; }

    /// <summary>How often it was taken over.</summary>
    public long Fence { get; set; }

    public string? KeyId { get; set; }

    /// <summary>The key, wrapped under the master key of evidence. Gone when nothing is left to undo.</summary>
    public byte[]? ContentKey { get; set; }

    public void Configure(EntityTypeBuilder<TransactionRow> builder)
    {
        builder.ToTable("transactions");
        builder.HasKey(r => r.Id);
        builder.HasIndex(r => new { r.Tenant, r.BegunAt });
        builder.HasIndex(r => r.RootId);
        builder.HasIndex(r => r.LeaseUntil);
        builder.HasIndex(r => r.EndedAt);
        builder.Property(r => r.Id).HasColumnName("id");
        builder.Property(r => r.Tenant).HasColumnName("tenant");
        builder.Property(r => r.RootId).HasColumnName("root_id");
        builder.Property(r => r.ParentId).HasColumnName("parent_id");
        builder.Property(r => r.Principal).HasColumnName("principal");
        builder.Property(r => r.Name).HasColumnName("name");
        builder.Property(r => r.State).HasColumnName("state");
        builder.Property(r => r.BegunAt).HasColumnName("begun_at");
        builder.Property(r => r.EndedAt).HasColumnName("ended_at");
        builder.Property(r => r.LeaseOwner).HasColumnName("lease_owner");
        builder.Property(r => r.LeaseUntil).HasColumnName("lease_until");
        builder.Property(r => r.Fence).HasColumnName("fence");
        builder.Property(r => r.KeyId).HasColumnName("key_id");
        builder.Property(r => r.ContentKey).HasColumnName("content_key");
    }
}
