using AgentGate.Keys;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AgentGate.Storage.Keys;

/// <summary>An API key. Times are milliseconds since 1970 (UTC).</summary>
internal sealed class ApiKeyRow : IEntityTypeConfiguration<ApiKeyRow>
{
    public string Id { get; set; } = string.Empty;

    public string Tenant { get; set; } = string.Empty;

    public string PrincipalId { get; set; } = string.Empty;

    /// <summary>The user who answers for the key, or <see langword="null"/> for one that the server's operator made.</summary>
    public string? OwnerId { get; set; }

    public string Name { get; set; } = string.Empty;

    /// <summary>The scopes, separated by one space.</summary>
    public string Scopes { get; set; } = string.Empty;

    public byte[] SecretHash { get; set; } = [];

    public long CreatedAt { get; set; }

    public long? ExpiresAt { get; set; }

    public long? RevokedAt { get; set; }

    public long? LastUsedAt { get; set; }

    public static ApiKeyRow From(ApiKey key) => new()
    {
        Id = key.Id,
        Tenant = key.Tenant,
        PrincipalId = key.PrincipalId,
        OwnerId = key.OwnerId,
        Name = key.Name,
        Scopes = string.Join(' ', key.Scopes),
        SecretHash = [.. key.SecretHash],
        CreatedAt = StoredTime.Write(key.CreatedAt),
        ExpiresAt = StoredTime.Write(key.ExpiresAt),
        RevokedAt = StoredTime.Write(key.RevokedAt),
        LastUsedAt = StoredTime.Write(key.LastUsedAt),
    };

    public ApiKey ToKey() => new()
    {
        Id = Id,
        Tenant = Tenant,
        PrincipalId = PrincipalId,
        OwnerId = OwnerId,
        Name = Name,
        Scopes = [.. Scopes.Split(' ', StringSplitOptions.RemoveEmptyEntries)],
        SecretHash = [.. SecretHash],
        CreatedAt = StoredTime.Read(CreatedAt),
        ExpiresAt = StoredTime.Read(ExpiresAt),
        RevokedAt = StoredTime.Read(RevokedAt),
        LastUsedAt = StoredTime.Read(LastUsedAt),
    };

    public void Configure(EntityTypeBuilder<ApiKeyRow> builder)
    {
        builder.ToTable("api_keys");
        builder.HasKey(r => r.Id);
        builder.HasIndex(r => new { r.Tenant, r.CreatedAt });
        builder.HasIndex(r => new { r.Tenant, r.OwnerId });
        builder.Property(r => r.Id).HasColumnName("id");
        builder.Property(r => r.Tenant).HasColumnName("tenant");
        builder.Property(r => r.PrincipalId).HasColumnName("principal_id");
        builder.Property(r => r.OwnerId).HasColumnName("owner_id");
        builder.Property(r => r.Name).HasColumnName("name");
        builder.Property(r => r.Scopes).HasColumnName("scopes");
        builder.Property(r => r.SecretHash).HasColumnName("secret_hash");
        builder.Property(r => r.CreatedAt).HasColumnName("created_at");
        builder.Property(r => r.ExpiresAt).HasColumnName("expires_at");
        builder.Property(r => r.RevokedAt).HasColumnName("revoked_at");
        builder.Property(r => r.LastUsedAt).HasColumnName("last_used_at");
    }
}
