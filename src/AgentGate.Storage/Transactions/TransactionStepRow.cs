using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AgentGate.Storage.Transactions;

/// <summary>A step of a transaction.</summary>
internal sealed class TransactionStepRow : IEntityTypeConfiguration<TransactionStepRow>
{
    /// <summary>The call.</summary>
    public string Id { get; set; } = string.Empty;

    public string Tenant { get; set; } = string.Empty;

    public string TransactionId { get; set; } = string.Empty;

    public string RootId { get; set; } = string.Empty;

    public long Seq { get; set; }

    public string Principal { get; set; } = string.Empty;

    public string? Delegation { get; set; }

    public string Tool { get; set; } = string.Empty;

    public string? Compensation { get; set; }

    public string State { get; set; } = string.Empty;

    public string? Ending { get; set; }

    public string? Code { get; set; }

    public string? CompensationCallId { get; set; }

    public long Tries { get; set; }

    public long BegunAt { get; set; }

    /// <summary>What the tool got, encrypted.</summary>
    public byte[]? Input { get; set; }

    /// <summary>What the tool gave, encrypted.</summary>
    public byte[]? Output { get; set; }

    public void Configure(EntityTypeBuilder<TransactionStepRow> builder)
    {
        builder.ToTable("transaction_steps");
        builder.HasKey(r => r.Id);
        builder.HasIndex(r => new { r.RootId, r.Seq });
        builder.HasIndex(r => r.TransactionId);
        builder.Property(r => r.Id).HasColumnName("id");
        builder.Property(r => r.Tenant).HasColumnName("tenant");
        builder.Property(r => r.TransactionId).HasColumnName("transaction_id");
        builder.Property(r => r.RootId).HasColumnName("root_id");
        builder.Property(r => r.Seq).HasColumnName("seq");
        builder.Property(r => r.Principal).HasColumnName("principal");
        builder.Property(r => r.Delegation).HasColumnName("delegation");
        builder.Property(r => r.Tool).HasColumnName("tool");
        builder.Property(r => r.Compensation).HasColumnName("compensation");
        builder.Property(r => r.State).HasColumnName("state");
        builder.Property(r => r.Ending).HasColumnName("ending");
        builder.Property(r => r.Code).HasColumnName("code");
        builder.Property(r => r.CompensationCallId).HasColumnName("compensation_call_id");
        builder.Property(r => r.Tries).HasColumnName("tries");
        builder.Property(r => r.BegunAt).HasColumnName("begun_at");
        builder.Property(r => r.Input).HasColumnName("input");
        builder.Property(r => r.Output).HasColumnName("output");
    }
}
