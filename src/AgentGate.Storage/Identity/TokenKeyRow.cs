using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AgentGate.Storage.Identity;

/// <summary>A key that signs access tokens.</summary>
internal sealed class TokenKeyRow : IEntityTypeConfiguration<TokenKeyRow>
{
    /// <summary>The key id (<c>kid</c>).</summary>
    public string Id { get; set; } = string.Empty;

    public string Tenant { get; set; } = string.Empty;

    /// <summary>SubjectPublicKeyInfo in base64.</summary>
    public string PublicKey { get; set; } = string.Empty;

    /// <summary>PKCS #8, encrypted.</summary>
    public byte[] PrivateKey { get; set; } = [];

    public long CreatedAt { get; set; }

    /// <summary>From when on it signs nothing; it verifies until its last token has expired.</summary>
    public long? RetiredAt { get; set; }

    public void Configure(EntityTypeBuilder<TokenKeyRow> builder)
    {
        builder.ToTable("token_keys");
        builder.HasKey(r => r.Id);
        builder.HasIndex(r => r.CreatedAt);
        builder.Property(r => r.Id).HasColumnName("id");
        builder.Property(r => r.Tenant).HasColumnName("tenant");
        builder.Property(r => r.PublicKey).HasColumnName("public_key");
        builder.Property(r => r.PrivateKey).HasColumnName("private_key");
        builder.Property(r => r.CreatedAt).HasColumnName("created_at");
        builder.Property(r => r.RetiredAt).HasColumnName("retired_at");
    }
}
