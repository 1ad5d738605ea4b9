using System.Text.Json;
using AgentGate.Identity;
using AgentGate.Pipeline;

namespace AgentGate.Storage.Identity;

/// <summary>Sign-in sessions as rows and back: where they came from is encrypted on the way.</summary>
internal sealed class SignInMapping(IdentityCipher cipher)
{
    private const string What = "sign-in origin v1";

    public SignInSessionRow Write(SignInSession session) => new()
    {
        Id = session.Id,
        Tenant = session.Tenant,
        UserId = session.UserId,
        Kind = session.Kind,
        SecretDigest = session.SecretDigest,
        Assurance = session.Assurance.ToString(),
        Methods = string.Join(' ', session.Methods),
        Scopes = session.Scopes.IsDefault ? null : string.Join(' ', session.Scopes),
        Origin = cipher.Seal(What, session.Id, JsonSerializer.SerializeToUtf8Bytes(new[] { session.Origin.Address, session.Origin.UserAgent })),
        CreatedAt = StoredTime.Write(session.CreatedAt),
        AuthenticatedAt = StoredTime.Write(session.AuthenticatedAt),
        LastActiveAt = StoredTime.Write(session.LastActiveAt),
        ExpiresAt = StoredTime.Write(session.ExpiresAt),
        RevokedAt = StoredTime.Write(session.RevokedAt),
        RevokedFor = session.RevokedFor,
    };

    public SignInSession Read(SignInSessionRow row)
    {
        var origin = JsonSerializer.Deserialize<string[]>(cipher.Open(What, row.Id, row.Origin))!;
        return new SignInSession
        {
            Id = row.Id,
            Tenant = row.Tenant,
            UserId = row.UserId,
            Kind = row.Kind,
            SecretDigest = row.SecretDigest,
            Assurance = Enum.Parse<Assurance>(row.Assurance),
            Methods = [.. row.Methods.Split(' ', StringSplitOptions.RemoveEmptyEntries)],
            Scopes = row.Scopes is { } scopes ? [.. scopes.Split(' ', StringSplitOptions.RemoveEmptyEntries)] : default,
            Origin = new ActOrigin(origin[0], origin[1]),
            CreatedAt = StoredTime.Read(row.CreatedAt),
            AuthenticatedAt = StoredTime.Read(row.AuthenticatedAt),
            LastActiveAt = StoredTime.Read(row.LastActiveAt),
            ExpiresAt = StoredTime.Read(row.ExpiresAt),
            RevokedAt = StoredTime.Read(row.RevokedAt),
            RevokedFor = row.RevokedFor,
        };
    }
}
