using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace AgentGate.Integration.Tests.Identity;

/// <summary>An OpenID provider on the loopback that signs in whoever <see cref="Person"/> says, and lies wherever a test tells it to.</summary>
internal sealed class OidcDouble : IAsyncDisposable
{
    public const string ClientId = "agentgate";
    public const string ClientSecret = "not much of a secret";

    private readonly WebApplication _app;
    private readonly TimeProvider _time;
    private readonly ConcurrentDictionary<string, Begun> _codes = new(StringComparer.Ordinal);
    private (string Id, RSA Key) _key = NewKey();

    private OidcDouble(WebApplication app, TimeProvider time) => (_app, _time) = (app, time);

    public string Issuer => _app.Urls.First();

    /// <summary>What the next token says of its person.</summary>
    public Dictionary<string, object> Person { get; } = new(StringComparer.Ordinal) { ["sub"] = "person-1", ["email"] = "ada@example.org", ["email_verified"] = true, ["name"] = "Ada" };

    /// <summary>Last word on the claims of ID tokens.</summary>
    public Action<Dictionary<string, object>>? Bend { get; set; }

    /// <summary>What the token endpoint answers instead.</summary>
    public Func<IResult>? TokenAnswer { get; set; }

    /// <summary>Whether everything fails.</summary>
    public bool IsDown { get; set; }

    /// <summary>The issuer its discovery document names, where that is not its own.</summary>
    public string? ClaimedIssuer { get; set; }

    /// <summary>What every answer waits for.</summary>
    public Func<Task>? Before { get; set; }

    /// <summary>How often it was asked for anything.</summary>
    public int Asked { get; private set; }

    /// <summary>How often its keys were read.</summary>
    public int KeyReads { get; private set; }

    public static async Task<OidcDouble> StartAsync(TimeProvider time)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var made = new OidcDouble(app, time);
        app.Use(async (context, next) =>
        {
            made.Asked++;
            if (made.Before is { } before)
            {
                await before();
            }

            if (made.IsDown)
            {
                context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
                return;
            }

            await next(context);
        });
        app.MapGet("/.well-known/openid-configuration", () => Results.Json(new
        {
            issuer = made.ClaimedIssuer ?? made.Issuer,
            authorization_endpoint = made.Issuer + "/authorize",
            token_endpoint = made.Issuer + "/token",
            jwks_uri = made.Issuer + "/jwks",
            response_types_supported = (string[])["code"],
            subject_types_supported = (string[])["public"],
            id_token_signing_alg_values_supported = (string[])["RS256"],
            authorization_response_iss_parameter_supported = true,
        }));
        app.MapGet("/jwks", made.Keys);
        app.MapGet("/authorize", made.Authorize);
        
        // A delegate of its own type: taken for a RequestDelegate its answer would be dropped.
        app.MapPost("/token", (Delegate)made.TokenAsync);
        await app.StartAsync();
        return made;
    }

    /// <summary>Signs with another key from now on; the one before is forgotten.</summary>
    public void Rotate() => _key = NewKey();

    /// <summary>A token, signed with the key of now.</summary>
    /// <param name="bend">Last word on its claims.</param>
    /// <param name="algorithm"><c>RS256</c>, <c>none</c>, or <c>HS256</c> with the public key as its secret.</param>
    /// <param name="keyId">The key it names.</param>
    public string Token(Action<Dictionary<string, object>>? bend = null, string algorithm = "RS256", string? keyId = null)
    {
        var now = _time.GetUtcNow().ToUnixTimeSeconds();
        var claims = new Dictionary<string, object>(Person, StringComparer.Ordinal) { ["iss"] = Issuer, ["aud"] = ClientId, ["iat"] = now, ["nbf"] = now, ["exp"] = now + 300 };
        bend?.Invoke(claims);
        var text = Text(JsonSerializer.SerializeToUtf8Bytes(new { alg = algorithm, kid = keyId ?? _key.Id, typ = "JWT" })) + "." + Text(JsonSerializer.SerializeToUtf8Bytes(claims));
        var bytes = Encoding.ASCII.GetBytes(text);
        return text + "." + algorithm switch
        {
            "none" => string.Empty,
            "HS256" => Text(HMACSHA256.HashData(Encoding.ASCII.GetBytes(_key.Key.ExportSubjectPublicKeyInfoPem()), bytes)),
            _ => Text(_key.Key.SignData(bytes, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)),
        };
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _key.Key.Dispose();
    }

    private static (string Id, RSA Key) NewKey() => (Guid.NewGuid().ToString("n"), RSA.Create(2048));

    private static string Text(byte[] bytes) => Base64Url.EncodeToString(bytes);

    private IResult Keys()
    {
        KeyReads++;
        var key = _key.Key.ExportParameters(includePrivateParameters: false);
        return Results.Json(new { keys = new[] { new { kty = "RSA", use = "sig", alg = "RS256", kid = _key.Id, n = Text(key.Modulus!), e = Text(key.Exponent!) } } });
    }

    private IResult Authorize(HttpContext context)
    {
        var query = context.Request.Query;
        if (query["client_id"] != ClientId || query["response_type"] != "code" || query["code_challenge_method"] != "S256" || query["code_challenge"].ToString().Length != 43
            || !query["scope"].ToString().Split(' ').Contains("openid"))
        {
            return Results.BadRequest("what was asked is no code flow with PKCE");
        }

        var code = Guid.NewGuid().ToString("n");
        _codes[code] = new Begun(query["nonce"].ToString(), query["code_challenge"].ToString(), query["redirect_uri"].ToString());
        return Results.Redirect($"{query["redirect_uri"]}?code={code}&state={Uri.EscapeDataString(query["state"].ToString())}&iss={Uri.EscapeDataString(Issuer)}");
    }

    private async Task<IResult> TokenAsync(HttpContext context)
    {
        if (TokenAnswer is { } instead)
        {
            return instead();
        }

        var form = await context.Request.ReadFormAsync();
        var basic = "Basic " + Convert.ToBase64String(Encoding.ASCII.GetBytes($"{ClientId}:{Uri.EscapeDataString(ClientSecret)}"));
        var good = _codes.TryRemove(form["code"].ToString(), out var asked)
            && form["grant_type"] == "authorization_code"
            && form["redirect_uri"] == asked.RedirectUri
            && context.Request.Headers.Authorization == basic
            && Text(SHA256.HashData(Encoding.ASCII.GetBytes(form["code_verifier"].ToString()))) == asked.Challenge;
        return good
            ? Results.Json(new
            {
                access_token = "opaque",
                token_type = "Bearer",
                id_token = Token(claims =>
                {
                    claims["nonce"] = asked!.Nonce;
                    Bend?.Invoke(claims);
                }),
            })
            : Results.Json(new { error = "invalid_grant" }, statusCode: StatusCodes.Status400BadRequest);
    }

    private sealed record Begun(string Nonce, string Challenge, string RedirectUri);
}
