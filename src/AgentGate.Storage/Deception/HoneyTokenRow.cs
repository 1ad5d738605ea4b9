using AgentGate.Deception;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AgentGate.Storage.Deception;

/// <summary>A honey token with its encrypted value. Times are milliseconds since 1970 (UTC).</summary>
internal sealed class HoneyTokenRow : IEntityTypeConfiguration<HoneyTokenRow>
{
    public string Id { get; set; } = string.Empty;

    public string Tenant { get; set; } = string.Empty;

    public string Type { get; set; } = string.Empty;

    public string Name { get; set; } = string.Empty;

    public string Description { get; set; } = string.Empty;

    public string? ResourcePattern { get; set; }

    /// <summary>Nonce, ciphertext and tag; the value itself is nowhere.</summary>
    public byte[]? Sealed { get; set; }

    public long CreatedAt { get; set; }

    public string CreatedBy { get; set; } = string.Empty;

    public static HoneyTokenRow From(StoredHoneyToken stored) => new()
    {
        Id = stored.Token.Id,
        Tenant = stored.Token.Tenant,
        Type = stored.Token.Type.Word(),
        Name = stored.Token.Name,
        Description = stored.Token.Description,
        ResourcePattern = stored.Token.ResourcePattern,
        Sealed = stored.Sealed,
        CreatedAt = stored.Token.CreatedAt.ToUnixTimeMilliseconds(),
        CreatedBy = stored.Token.CreatedBy,
    };

    public StoredHoneyToken ToToken() => new(
        new HoneyToken
        {
            Id = Id,
            Tenant = Tenant,
            Type = HoneyTypes.Parse(Type) ?? throw new InvalidOperationException($"The store holds a honey token of the unknown type \"{Type}\"."),
            Name = Name,
            Description = Description,
            ResourcePattern = ResourcePattern,
            HasValue = Sealed is not null,
            CreatedAt = DateTimeOffset.FromUnixTimeMilliseconds(CreatedAt),
            CreatedBy = CreatedBy,
        },
        Sealed);

    public void Configure(EntityTypeBuilder<HoneyTokenRow> builder)
    {
        builder.ToTable("honey_tokens");
        builder.HasKey(r => r.Id);
        builder.HasIndex(r => r.Tenant);
        builder.Property(r => r.Id).HasColumnName("id");
        builder.Property(r => r.Tenant).HasColumnName("tenant");
        builder.Property(r => r.Type).HasColumnName("type");
        builder.Property(r => r.Name).HasColumnName("name");
        builder.Property(r => r.Description).HasColumnName("description");
        builder.Property(r => r.ResourcePattern).HasColumnName("resource_pattern");
        builder.Property(r => r.Sealed).HasColumnName("sealed_value");
        builder.Property(r => r.CreatedAt).HasColumnName("created_at");
        builder.Property(r => r.CreatedBy).HasColumnName("created_by");
    }
}
