using AgentGate.Deception;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AgentGate.Storage.Deception;

/// <summary>That a honey token was touched. Times are milliseconds since 1970 (UTC).</summary>
internal sealed class HoneyTriggerRow : IEntityTypeConfiguration<HoneyTriggerRow>
{
    public string Id { get; set; } = string.Empty;

    public string Tenant { get; set; } = string.Empty;

    public string TokenId { get; set; } = string.Empty;

    public string TokenType { get; set; } = string.Empty;

    public string Principal { get; set; } = string.Empty;

    public string CallId { get; set; } = string.Empty;

    public long At { get; set; }

    public int Severity { get; set; }

    public long? ClearedAt { get; set; }

    public string? ClearedBy { get; set; }

    public static HoneyTriggerRow From(HoneyTrigger trigger) => new()
    {
        Id = trigger.Id,
        Tenant = trigger.Tenant,
        TokenId = trigger.TokenId,
        TokenType = trigger.TokenType.Word(),
        Principal = trigger.Principal,
        CallId = trigger.CallId,
        At = trigger.At.ToUnixTimeMilliseconds(),
        Severity = trigger.Severity,
        ClearedAt = trigger.ClearedAt?.ToUnixTimeMilliseconds(),
        ClearedBy = trigger.ClearedBy,
    };

    public HoneyTrigger ToTrigger() => new(
        Id,
        Tenant,
        TokenId,
        HoneyTypes.Parse(TokenType) ?? throw new InvalidOperationException($"The store holds a trigger of the unknown type \"{TokenType}\"."),
        Principal,
        CallId,
        DateTimeOffset.FromUnixTimeMilliseconds(At),
        Severity,
        ClearedAt is { } at ? DateTimeOffset.FromUnixTimeMilliseconds(at) : null,
        ClearedBy);

    public void Configure(EntityTypeBuilder<HoneyTriggerRow> builder)
    {
        builder.ToTable("honey_triggers");
        builder.HasKey(r => r.Id);
        builder.HasIndex(r => new { r.Tenant, r.At });
        builder.HasIndex(r => new { r.Tenant, r.Principal });
        builder.Property(r => r.Id).HasColumnName("id");
        builder.Property(r => r.Tenant).HasColumnName("tenant");
        builder.Property(r => r.TokenId).HasColumnName("token_id");
        builder.Property(r => r.TokenType).HasColumnName("token_type");
        builder.Property(r => r.Principal).HasColumnName("principal");
        builder.Property(r => r.CallId).HasColumnName("call_id");
        builder.Property(r => r.At).HasColumnName("at");
        builder.Property(r => r.Severity).HasColumnName("severity");
        builder.Property(r => r.ClearedAt).HasColumnName("cleared_at");
        builder.Property(r => r.ClearedBy).HasColumnName("cleared_by");
    }
}
