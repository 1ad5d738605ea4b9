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
        CreatedAt = session.CreatedAt.ToUnixTimeMilliseconds(),
        AuthenticatedAt = session.AuthenticatedAt.ToUnixTimeMilliseconds(),
        LastActiveAt = session.LastActiveAt.ToUnixTimeMilliseconds(),
        ExpiresAt = session.ExpiresAt.ToUnixTimeMilliseconds(),
        RevokedAt = session.RevokedAt?.ToUnixTimeMilliseconds(),
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
            CreatedAt = Time(row.CreatedAt),
            AuthenticatedAt = Time(row.AuthenticatedAt),
            LastActiveAt = Time(row.LastActiveAt),
            ExpiresAt = Time(row.ExpiresAt),
            RevokedAt = row.RevokedAt is { } at ? Time(at) : null,
            RevokedFor = row.RevokedFor,
        };
    }

    private static DateTimeOffset Time(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);
}
