using System.Text.Json;
using AgentGate.Identity;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace AgentGate.Server.Identity.Federation;

/// <summary>
/// Verifies tokens of providers. The algorithm has to be one that signs with a private key; issuer, audience, time and key are checked by
/// Microsoft.IdentityModel. A key that is not known is looked for anew once: providers change theirs.
/// </summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class OidcTokens(TimeProvider time)
{
    private const int SubjectMax = 255;
    private const int BytesMax = 32 * 1024;

    // Nothing symmetric and nothing unsigned: with those a public key, or no key, would sign.
    private static readonly string[] s_algorithms =
    [
        SecurityAlgorithms.RsaSha256, SecurityAlgorithms.RsaSha384, SecurityAlgorithms.RsaSha512,
        SecurityAlgorithms.RsaSsaPssSha256, SecurityAlgorithms.RsaSsaPssSha384, SecurityAlgorithms.RsaSsaPssSha512,
        SecurityAlgorithms.EcdsaSha256, SecurityAlgorithms.EcdsaSha384, SecurityAlgorithms.EcdsaSha512,
    ];

    private static readonly TimeSpan s_skew = TimeSpan.FromSeconds(60);

    private readonly JsonWebTokenHandler _handler = new() { MaximumTokenSizeInBytes = BytesMax, MapInboundClaims = false };

    /// <summary>What a token says, or <see langword="null"/> where it is not good.</summary>
    /// <param name="provider">Whose it has to be.</param>
    /// <param name="token">The token.</param>
    /// <param name="audience">For whom it has to be.</param>
    /// <param name="nonce">What it has to repeat, where it was asked for by a browser.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="ProviderUnreachableException">The provider's keys cannot be read.</exception>
    public async Task<FederatedIdentity?> ReadAsync(OidcProvider provider, string token, string audience, string? nonce, CancellationToken cancellationToken)
    {
        if (token.Length > BytesMax || !_handler.CanReadToken(token))
        {
            return null;
        }

        var result = await ValidateAsync(provider, token, audience, (await provider.ReadAsync(cancellationToken)).SigningKeys);
        if (!result.IsValid && result.Exception is SecurityTokenSignatureKeyNotFoundException)
        {
            result = await ValidateAsync(provider, token, audience, (await provider.ReadAnewAsync(cancellationToken)).SigningKeys);
        }

        if (!result.IsValid || result.SecurityToken is not JsonWebToken read)
        {
            return null;
        }

        // OpenID Connect Core 1.0 §3.1.3.7: a token for several says for whom it was made.
        var party = Text(read, "azp");
        if ((read.Audiences.Count() > 1 && party is null) || (nonce is not null && party is not null && party != provider.Options.ClientId))
        {
            return null;
        }

        if (nonce is not null && !IdentitySecrets.Same(nonce, Text(read, "nonce") ?? string.Empty))
        {
            return null;
        }

        return IsSubjectText(read) && Text(read, "sub") is { Length: > 0 and <= SubjectMax } subject && !subject.Contains('\0', StringComparison.Ordinal) ? Identity(provider, read, subject) : null;
    }

    /// <summary>The issuer a token names, unverified: to find out whom to ask, and for nothing else.</summary>
    public string? IssuerOf(string token) => token.Length <= BytesMax && _handler.CanReadToken(token) ? TryRead(token)?.Issuer : null;

    private JsonWebToken? TryRead(string token)
    {
        try
        {
            return _handler.ReadJsonWebToken(token);
        }
        catch (Exception unfit) when (unfit is ArgumentException or SecurityTokenException or JsonException)
        {
            return null;
        }
    }

    private Task<TokenValidationResult> ValidateAsync(OidcProvider provider, string token, string audience, IEnumerable<SecurityKey> keys)
        => _handler.ValidateTokenAsync(token, new TokenValidationParameters
        {
            ValidIssuer = provider.Options.Issuer,
            ValidAudience = audience,
            ValidAlgorithms = s_algorithms,
            IssuerSigningKeys = keys,
            TryAllIssuerSigningKeys = false,
            RequireSignedTokens = true,
            RequireExpirationTime = true,

            // The server's own clock, not the machine's.
            LifetimeValidator = (from, until, _, _) =>
            {
                var now = time.GetUtcNow().UtcDateTime;
                return until is { } end && now < end + s_skew && (from is not { } start || start <= now + s_skew);
            },
        });

    private static FederatedIdentity Identity(OidcProvider provider, JsonWebToken token, string subject)
    {
        var methods = Texts(token, "amr");
        var level = Text(token, "acr") ?? string.Empty;
        var assurance = level is "phr" or "phrh" || level.Contains("passkey", StringComparison.OrdinalIgnoreCase) || level.Contains("phishing-resistant", StringComparison.OrdinalIgnoreCase) ? Assurance.A3
            : methods.Any(method => method is "mfa" or "otp" or "totp" or "hwk" or "passkey") ? Assurance.A2
            : Assurance.A1;
        var email = Text(token, "email");
        var verified = token.TryGetPayloadValue<object>("email_verified", out var said) && said is true or "true";
        return new FederatedIdentity(
            subject,
            verified && email is not null && EmailAddress.IsOne(email) ? email.Trim() : null,
            Text(token, "name"),
            Texts(token, provider.Options.RoleClaim),
            assurance,
            methods,
            token.TryGetPayloadValue<long>("auth_time", out var at) && at is > 0 and < 253_402_300_799 ? DateTimeOffset.FromUnixTimeSeconds(at) : DateTimeOffset.UnixEpoch);
    }

    /// <summary>A subject is a string (RFC 7519 §4.1.2). The library makes a string of a number, and so one subject of two.</summary>
    private static bool IsSubjectText(JsonWebToken token)
    {
        using var payload = JsonDocument.Parse(Base64UrlEncoder.DecodeBytes(token.EncodedPayload));
        return payload.RootElement.TryGetProperty("sub", out var subject) && subject.ValueKind == JsonValueKind.String;
    }

    private static string? Text(JsonWebToken token, string claim) => token.TryGetPayloadValue<object>(claim, out var value) ? value as string : null;

    private static string[] Texts(JsonWebToken token, string claim)
        => [.. token.Claims.Where(one => one.Type == claim && one.Value.Length is > 0 and <= 128).Select(one => one.Value).Take(64)];
}
