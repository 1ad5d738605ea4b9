using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AgentGate.Storage.Traces;

/// <summary>A trace: the columns that lists filter by, and the whole as JSON.</summary>
internal sealed class TraceRow : IEntityTypeConfiguration<TraceRow>
{
    public long Id { get; set; }

    public string Tenant { get; set; } = string.Empty;

    public string CallId { get; set; } = string.Empty;

    /// <summary>Milliseconds since 1970 (UTC).</summary>
    public long StartedAt { get; set; }

    public string Status { get; set; } = string.Empty;

    public string Decision { get; set; } = string.Empty;

    public string Action { get; set; } = string.Empty;

    public string Resource { get; set; } = string.Empty;

    public string Principal { get; set; } = string.Empty;

    public string Door { get; set; } = string.Empty;

    public string Body { get; set; } = string.Empty;

    public void Configure(EntityTypeBuilder<TraceRow> builder)
    {
        builder.ToTable("traces");
        builder.HasKey(r => r.Id);
        builder.HasIndex(r => new { r.Tenant, r.CallId }).IsUnique();
        builder.Property(r => r.Id).HasColumnName("id").ValueGeneratedOnAdd();
        builder.Property(r => r.Tenant).HasColumnName("tenant");
        builder.Property(r => r.CallId).HasColumnName("call_id");
        builder.Property(r => r.StartedAt).HasColumnName("started_at");
        builder.Property(r => r.Status).HasColumnName("status");
        builder.Property(r => r.Decision).HasColumnName("decision");
        builder.Property(r => r.Action).HasColumnName("action");
        builder.Property(r => r.Resource).HasColumnName("resource");
        builder.Property(r => r.Principal).HasColumnName("principal");
        builder.Property(r => r.Door).HasColumnName("door");
        builder.Property(r => r.Body).HasColumnName("body");
    }
}
