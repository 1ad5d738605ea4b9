using AgentGate.Identity;
using AgentGate.Pipeline;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace AgentGate.Server.Identity;

/// <summary>
/// Access tokens: JWTs (RFC 9068) that name a sign-in session. A token proves which session it is of and for how long; what its user may do
/// is asked of the server's records each time, so that nobody keeps a role by keeping a token.
/// </summary>
/// <remarks>Thread-safe. A token names no person: its subject is the pseudonymous principal id.</remarks>
internal sealed class AccessTokens(TokenKeys keys, IIdSource ids, TimeProvider time, IOptions<SignInOptions> options)
{
    /// <summary>The audience: this installation's API.</summary>
    public const string Audience = "agentgate-api";

    private const string Type = "at+jwt";

    private readonly JsonWebTokenHandler _handler = new() { SetDefaultTimesOnTokenCreation = false, MaximumTokenSizeInBytes = 8 * 1024 };

    /// <summary>How long a token is good, in seconds.</summary>
    public int ExpiresIn => (int)options.Value.AccessToken.TotalSeconds;

    /// <summary>Makes a token of a session.</summary>
    public string Create(SignInSession session, User user)
    {
        var (now, principal) = (time.GetUtcNow(), new SignedIn(session, user).ToCaller(Access.CallerKind.Token).Principal);
        var until = now + options.Value.AccessToken;
        return _handler.CreateToken(new SecurityTokenDescriptor
        {
            TokenType = Type,
            Issuer = options.Value.Issuer,
            Audience = Audience,
            IssuedAt = now.UtcDateTime,
            NotBefore = now.UtcDateTime,
            Expires = (until < session.ExpiresAt ? until : session.ExpiresAt).UtcDateTime,
            SigningCredentials = new SigningCredentials(keys.Signing, SecurityAlgorithms.EcdsaSha256),
            Claims = new Dictionary<string, object>(StringComparer.Ordinal)
            {
                ["sub"] = user.Id,
                ["sid"] = session.Id,
                ["jti"] = ids.NewId(),
                ["tenant"] = user.Tenant,
                ["roles"] = principal.Roles.ToArray(),
                ["scope"] = string.Join(' ', principal.Scopes.Order(StringComparer.Ordinal)),
                ["acr"] = session.Assurance.ToString(),
                ["amr"] = session.Methods.ToArray(),
                ["auth_time"] = session.AuthenticatedAt.ToUnixTimeSeconds(),
            },
        });
    }

    /// <summary>What a token says that this installation signed and that has not expired, or <see langword="null"/>.</summary>
    public async ValueTask<TokenProof?> ReadAsync(string text)
    {
        var result = await _handler.ValidateTokenAsync(text, new TokenValidationParameters
        {
            ValidIssuer = options.Value.Issuer,
            ValidAudience = Audience,
            ValidTypes = [Type],
            ValidAlgorithms = [SecurityAlgorithms.EcdsaSha256],
            IssuerSigningKeys = keys.Keys,
            TryAllIssuerSigningKeys = false,
            RequireSignedTokens = true,
            RequireExpirationTime = true,
            ClockSkew = TimeSpan.Zero,

            // The server's own clock, not the machine's.
            LifetimeValidator = (from, until, _, _) => from <= time.GetUtcNow().UtcDateTime && time.GetUtcNow().UtcDateTime < until,
        });
        return result.IsValid && result.SecurityToken is JsonWebToken token && token.TryGetPayloadValue<string>("sid", out var session)
            ? new TokenProof(session, token.Subject, AssuranceOf(token), token.TryGetPayloadValue<long>("auth_time", out var at) && at > 0 ? at : 0)
            : null;
    }

    private static Assurance AssuranceOf(JsonWebToken token)
        => token.TryGetPayloadValue<string>("acr", out var text) && Enum.TryParse<Assurance>(text, out var assurance) && Enum.IsDefined(assurance) ? assurance : Assurance.A1;

    /// <summary>Whether a text looks like a token rather than a key.</summary>
    public static bool IsOne(string text) => text.StartsWith("eyJ", StringComparison.Ordinal);

    /// <summary>The public keys as a JWKS (RFC 7517).</summary>
    public object Jwks() => new
    {
        keys = keys.Keys.Select(key =>
        {
            var point = key.ECDsa.ExportParameters(includePrivateParameters: false);
            return new
            {
                kty = "EC", crv = "P-256", use = "sig", alg = SecurityAlgorithms.EcdsaSha256, kid = key.KeyId,
                x = Base64UrlEncoder.Encode(point.Q.X), y = Base64UrlEncoder.Encode(point.Q.Y),
            };
        }).ToArray(),
    };
}
