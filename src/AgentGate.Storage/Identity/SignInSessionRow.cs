using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AgentGate.Storage.Identity;

/// <summary>A sign-in session: one device on which a user is signed in.</summary>
internal sealed class SignInSessionRow : IEntityTypeConfiguration<SignInSessionRow>
{
    public string Id { get; set; } = string.Empty;

    public string Tenant { get; set; } = string.Empty;

    public string UserId { get; set; } = string.Empty;

    /// <summary><c>cookie</c> or <c>token</c>.</summary>
    public string Kind { get; set; } = string.Empty;

    /// <summary>SHA-256 of the cookie's secret, or of the refresh token that is good now; unique.</summary>
    public string SecretDigest { get; set; } = string.Empty;

    /// <summary>A1, A2 or A3.</summary>
    public string Assurance { get; set; } = string.Empty;

    /// <summary>How the user proved itself (RFC 8176), separated by one space.</summary>
    public string Methods { get; set; } = string.Empty;

    /// <summary>The scopes it is held to, separated by one space, or <see langword="null"/> for all of its user's.</summary>
    public string? Scopes { get; set; }

    /// <summary>Address and user agent, encrypted.</summary>
    public byte[] Origin { get; set; } = [];

    public long CreatedAt { get; set; }

    /// <summary>When the user last proved itself in this session.</summary>
    public long AuthenticatedAt { get; set; }

    public long LastActiveAt { get; set; }

    public long ExpiresAt { get; set; }

    public long? RevokedAt { get; set; }

    /// <summary>A word: <c>signed-out</c>, <c>revoked</c>, <c>reuse</c>, <c>password</c>, <c>disabled</c>, <c>role</c>.</summary>
    public string? RevokedFor { get; set; }

    public void Configure(EntityTypeBuilder<SignInSessionRow> builder)
    {
        builder.ToTable("sign_in_sessions");
        builder.HasKey(r => r.Id);
        builder.HasIndex(r => r.SecretDigest).IsUnique();
        builder.HasIndex(r => new { r.Tenant, r.UserId, r.CreatedAt });
        builder.Property(r => r.Id).HasColumnName("id");
        builder.Property(r => r.Tenant).HasColumnName("tenant");
        builder.Property(r => r.UserId).HasColumnName("user_id");
        builder.Property(r => r.Kind).HasColumnName("kind");
        builder.Property(r => r.SecretDigest).HasColumnName("secret_digest");
        builder.Property(r => r.Assurance).HasColumnName("assurance");
        builder.Property(r => r.Methods).HasColumnName("methods");
        builder.Property(r => r.Scopes).HasColumnName("scopes");
        builder.Property(r => r.Origin).HasColumnName("origin");
        builder.Property(r => r.CreatedAt).HasColumnName("created_at");
        builder.Property(r => r.AuthenticatedAt).HasColumnName("authenticated_at");
        builder.Property(r => r.LastActiveAt).HasColumnName("last_active_at");
        builder.Property(r => r.ExpiresAt).HasColumnName("expires_at");
        builder.Property(r => r.RevokedAt).HasColumnName("revoked_at");
        builder.Property(r => r.RevokedFor).HasColumnName("revoked_for");
    }
}
