using System.Text.Json;
using AgentGate.Identity;

namespace AgentGate.Storage.Identity;

/// <summary>Users as rows and back: what is personal is encrypted on the way.</summary>
internal sealed class UserMapping(IdentityCipher cipher)
{
    private const string Profile = "user profile v1";
    private const string Totp = "user totp v1";
    private const char Used = '-';

    public string DigestOf(string email) => cipher.Digest("email", EmailAddress.Fold(email));

    /// <summary>Writes a user into its row.</summary>
    public void Write(User user, UserRow row)
    {
        row.Id = user.Id;
        row.Tenant = user.Tenant;
        row.EmailDigest = DigestOf(user.Email);
        row.Profile = cipher.SealText(Profile, user.Id, Write(user.Email, user.Name));
        row.Role = user.Role;
        row.IsActive = user.IsActive;
        row.Source = user.Source;
        row.PasswordHash = user.PasswordHash;
        row.MustChangePassword = user.MustChangePassword;
        row.PasswordChangedAt = user.PasswordChangedAt?.ToUnixTimeMilliseconds();
        row.TotpSecret = user.TotpSecret.IsDefaultOrEmpty ? null : cipher.Seal(Totp, user.Id, user.TotpSecret.AsSpan());
        row.TotpEnabled = user.TotpEnabled;
        row.TotpLastStep = user.TotpLastStep;
        row.BackupCodes = user.BackupCodes.IsDefaultOrEmpty ? string.Empty : string.Join(' ', user.BackupCodes.Select(code => code ?? $"{Used}"));
        row.CreatedAt = user.CreatedAt.ToUnixTimeMilliseconds();
        row.LastSignInAt = user.LastSignInAt?.ToUnixTimeMilliseconds();
    }

    public User Read(UserRow row)
    {
        var (email, name) = ReadProfile(cipher.OpenText(Profile, row.Id, row.Profile));
        return new User
        {
            Id = row.Id,
            Tenant = row.Tenant,
            Email = email,
            Name = name,
            Role = row.Role,
            IsActive = row.IsActive,
            Source = row.Source,
            PasswordHash = row.PasswordHash,
            MustChangePassword = row.MustChangePassword,
            PasswordChangedAt = Time(row.PasswordChangedAt),
            TotpSecret = row.TotpSecret is { } secret ? [.. cipher.Open(Totp, row.Id, secret)] : [],
            TotpEnabled = row.TotpEnabled,
            TotpLastStep = row.TotpLastStep,
            BackupCodes = [.. row.BackupCodes.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(code => code is [Used] ? null : code)],
            CreatedAt = DateTimeOffset.FromUnixTimeMilliseconds(row.CreatedAt),
            LastSignInAt = Time(row.LastSignInAt),
            Version = row.Version,
        };
    }

    private static string Write(string email, string name)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            json.WriteString("email", email);
            json.WriteString("name", name);
            json.WriteEndObject();
        }

        return System.Text.Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);
    }

    private static (string Email, string Name) ReadProfile(string text)
    {
        using var document = JsonDocument.Parse(text);
        return (document.RootElement.GetProperty("email").GetString()!, document.RootElement.GetProperty("name").GetString()!);
    }

    private static DateTimeOffset? Time(long? milliseconds)
        => milliseconds is { } value ? DateTimeOffset.FromUnixTimeMilliseconds(value) : null;
}
