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
        row.Profile = cipher.SealText(Profile, user.Id, Write(user));
        row.Role = user.Role;
        row.IsActive = user.IsActive;
        row.Source = user.Source;
        row.PasswordHash = user.PasswordHash;
        row.MustChangePassword = user.MustChangePassword;
        row.PasswordChangedAt = StoredTime.Write(user.PasswordChangedAt);
        row.TotpSecret = user.TotpSecret.IsDefaultOrEmpty ? null : cipher.Seal(Totp, user.Id, user.TotpSecret.AsSpan());
        row.TotpEnabled = user.TotpEnabled;
        row.TotpLastStep = user.TotpLastStep;
        row.BackupCodes = user.BackupCodes.IsDefaultOrEmpty ? string.Empty : string.Join(' ', user.BackupCodes.Select(code => code ?? $"{Used}"));
        row.CreatedAt = StoredTime.Write(user.CreatedAt);
        row.LastSignInAt = StoredTime.Write(user.LastSignInAt);
    }

    public User Read(UserRow row)
    {
        var (email, name, proof) = ReadProfile(cipher.OpenText(Profile, row.Id, row.Profile));
        return new User
        {
            Id = row.Id,
            Tenant = row.Tenant,
            Email = email,
            AddressProof = proof,
            Name = name,
            Role = row.Role,
            IsActive = row.IsActive,
            Source = row.Source,
            PasswordHash = row.PasswordHash,
            MustChangePassword = row.MustChangePassword,
            PasswordChangedAt = StoredTime.Read(row.PasswordChangedAt),
            TotpSecret = row.TotpSecret is { } secret ? [.. cipher.Open(Totp, row.Id, secret)] : [],
            TotpEnabled = row.TotpEnabled,
            TotpLastStep = row.TotpLastStep,
            BackupCodes = [.. row.BackupCodes.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(code => code is [Used] ? null : code)],
            CreatedAt = StoredTime.Read(row.CreatedAt),
            LastSignInAt = StoredTime.Read(row.LastSignInAt),
            Version = row.Version,
        };
    }

    private static string Write(User user)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            json.WriteString("email", user.Email);
            json.WriteString("name", user.Name);
            if (user.AddressProof is { } proof)
            {
                json.WriteString("proof", proof);
            }

            json.WriteEndObject();
        }

        return System.Text.Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);
    }

    private static (string Email, string Name, string? Proof) ReadProfile(string text)
    {
        using var document = JsonDocument.Parse(text);
        var profile = document.RootElement;
        return (
            profile.GetProperty("email").GetString()!, profile.GetProperty("name").GetString()!,
            profile.TryGetProperty("proof", out var proof) ? proof.GetString() : null);
    }
}
