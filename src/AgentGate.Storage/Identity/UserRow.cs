using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AgentGate.Storage.Identity;

/// <summary>A user. Who it is lies in <see cref="Profile"/>, encrypted; times are milliseconds since 1970 (UTC).</summary>
internal sealed class UserRow : IEntityTypeConfiguration<UserRow>
{
    /// <summary>The pseudonymous principal id.</summary>
    public string Id { get; set; } = string.Empty;

    public string Tenant { get; set; } = string.Empty;

    /// <summary>HMAC-SHA-256 of the e-mail address as it is compared, in hexadecimal; unique over all tenants.</summary>
    public string EmailDigest { get; set; } = string.Empty;

    /// <summary>E-mail address, name, and who vouched for the address, encrypted.</summary>
    public byte[] Profile { get; set; } = [];

    public string Role { get; set; } = string.Empty;

    public bool IsActive { get; set; }

    /// <summary>Where the user comes from: <c>local</c>, <c>oidc</c>, <c>development</c>.</summary>
    public string Source { get; set; } = string.Empty;

    /// <summary>bcrypt; without one there is no signing in by password.</summary>
    public string? PasswordHash { get; set; }

    public bool MustChangePassword { get; set; }

    public long? PasswordChangedAt { get; set; }

    /// <summary>Encrypted; there is one as soon as enabling begins.</summary>
    public byte[]? TotpSecret { get; set; }

    public bool TotpEnabled { get; set; }

    /// <summary>The last time step whose code was taken: no code is taken twice.</summary>
    public long TotpLastStep { get; set; }

    /// <summary>Hashes of the codes, separated by one space, <c>-</c> in place of a used one.</summary>
    public string BackupCodes { get; set; } = string.Empty;

    public long CreatedAt { get; set; }

    public long? LastSignInAt { get; set; }

    /// <summary>Raised with each change: of two changes at once one is refused.</summary>
    public long Version { get; set; }

    public void Configure(EntityTypeBuilder<UserRow> builder)
    {
        builder.ToTable("users");
        builder.HasKey(r => r.Id);
        builder.HasIndex(r => r.EmailDigest).IsUnique();
        builder.HasIndex(r => new { r.Tenant, r.Role });
        builder.Property(r => r.Version).IsConcurrencyToken();
        builder.Property(r => r.Id).HasColumnName("id");
        builder.Property(r => r.Tenant).HasColumnName("tenant");
        builder.Property(r => r.EmailDigest).HasColumnName("email_digest");
        builder.Property(r => r.Profile).HasColumnName("profile");
        builder.Property(r => r.Role).HasColumnName("role");
        builder.Property(r => r.IsActive).HasColumnName("is_active");
        builder.Property(r => r.Source).HasColumnName("source");
        builder.Property(r => r.PasswordHash).HasColumnName("password_hash");
        builder.Property(r => r.MustChangePassword).HasColumnName("must_change_password");
        builder.Property(r => r.PasswordChangedAt).HasColumnName("password_changed_at");
        builder.Property(r => r.TotpSecret).HasColumnName("totp_secret");
        builder.Property(r => r.TotpEnabled).HasColumnName("totp_enabled");
        builder.Property(r => r.TotpLastStep).HasColumnName("totp_last_step");
        builder.Property(r => r.BackupCodes).HasColumnName("backup_codes");
        builder.Property(r => r.CreatedAt).HasColumnName("created_at");
        builder.Property(r => r.LastSignInAt).HasColumnName("last_sign_in_at");
        builder.Property(r => r.Version).HasColumnName("version");
    }
}
