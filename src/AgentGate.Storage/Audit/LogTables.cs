using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AgentGate.Storage.Audit;

/// <summary>
/// The log's tables. An entry has no columns beside its authenticated text, so that no filter can be made to overlook an
/// entry without breaking the chain. The log is read and written by <see cref="SqliteAuditLog"/>; EF Core makes the tables.
/// </summary>
internal sealed class LogEntryRow : IEntityTypeConfiguration<LogEntryRow>
{
    public string Tenant { get; set; } = string.Empty;

    public long Seq { get; set; }

    /// <summary>The canonical JSON.</summary>
    public string Entry { get; set; } = string.Empty;

    public byte[] Hash { get; set; } = [];

    public void Configure(EntityTypeBuilder<LogEntryRow> builder)
    {
        builder.ToTable("log_entries");
        builder.HasKey(r => new { r.Tenant, r.Seq });
        builder.Property(r => r.Tenant).HasColumnName("tenant");
        builder.Property(r => r.Seq).HasColumnName("seq").ValueGeneratedNever();
        builder.Property(r => r.Entry).HasColumnName("entry");
        builder.Property(r => r.Hash).HasColumnName("hash");
    }
}

/// <summary>Where each tenant's log stands, so that a log whose end was cut off is noticed at the next start.</summary>
internal sealed class LogHeadRow : IEntityTypeConfiguration<LogHeadRow>
{
    public string Tenant { get; set; } = string.Empty;

    public long Seq { get; set; }

    public byte[] Hash { get; set; } = [];

    public void Configure(EntityTypeBuilder<LogHeadRow> builder)
    {
        builder.ToTable("log_heads");
        builder.HasKey(r => r.Tenant);
        builder.Property(r => r.Tenant).HasColumnName("tenant");
        builder.Property(r => r.Seq).HasColumnName("seq");
        builder.Property(r => r.Hash).HasColumnName("hash");
    }
}

/// <summary>Intents that no outcome has followed yet: as many rows as calls are running.</summary>
internal sealed class LogOpenIntentRow : IEntityTypeConfiguration<LogOpenIntentRow>
{
    public string Tenant { get; set; } = string.Empty;

    public string CallId { get; set; } = string.Empty;

    public long Seq { get; set; }

    public void Configure(EntityTypeBuilder<LogOpenIntentRow> builder)
    {
        builder.ToTable("log_open_intents");
        builder.HasKey(r => new { r.Tenant, r.CallId });
        builder.Property(r => r.Tenant).HasColumnName("tenant");
        builder.Property(r => r.CallId).HasColumnName("call_id");
        builder.Property(r => r.Seq).HasColumnName("seq");
    }
}

/// <summary>The tree's tiles: full ones, and the partial ones above level 0. The leaf hashes after the last full tile are those of the entries.</summary>
internal sealed class LogTileRow : IEntityTypeConfiguration<LogTileRow>
{
    public string Tenant { get; set; } = string.Empty;

    public int Level { get; set; }

    public long Index { get; set; }

    /// <summary>1 to 256 hashes of 32 bytes.</summary>
    public byte[] Hashes { get; set; } = [];

    public void Configure(EntityTypeBuilder<LogTileRow> builder)
    {
        builder.ToTable("log_tiles");
        builder.HasKey(r => new { r.Tenant, r.Level, r.Index });
        builder.Property(r => r.Tenant).HasColumnName("tenant");
        builder.Property(r => r.Level).HasColumnName("level");
        builder.Property(r => r.Index).HasColumnName("idx");
        builder.Property(r => r.Hashes).HasColumnName("hashes");
    }
}
