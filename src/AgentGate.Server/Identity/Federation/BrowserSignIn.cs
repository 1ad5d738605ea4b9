using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using AgentGate.Diagnostics;
using AgentGate.Identity;
using AgentGate.Pipeline;
using AgentGate.Server.Access;
using AgentGate.Server.Identity.Factors;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;

namespace AgentGate.Server.Identity.Federation;

/// <summary>
/// Signs a browser in through a provider: authorization code with PKCE, state and nonce (OpenID Connect Core 1.0 §3.1, RFC 9700). What was
/// begun is kept for all servers, good once, for ten minutes, and for the browser alone that began it.
/// </summary>
internal sealed class BrowserSignIn(
    OidcTokens tokens, OidcCodeExchange codes, FederatedUsers users, SignInCompletion completion, FailedActs failed, FactorLimits limits,
    IOneTimeRecords records, IIdSource ids, TimeProvider time, IOptions<SignInOptions> options)
{
    private const string Kind = "oidc-state";
    private const string Action = "auth.sign-in";
    private const int ParameterMax = 4096;

    private static readonly TimeSpan s_goodFor = TimeSpan.FromMinutes(10);

    /// <summary>Sends the browser to the provider.</summary>
    public async Task<IResult> StartAsync(HttpContext context, OidcProvider provider)
    {
        var asked = context.Request.Query["return_url"];
        var target = asked.Count == 0 ? LocalUrl.Default : asked[0]!;
        if (asked.Count > 1 || !LocalUrl.IsOne(target))
        {
            return FactorProblem.Of(Codes.FederationRequestInvalid, "`return_url` is a path on this server, for example /playground.", "return_url");
        }

        if (provider.Options.ClientId is not { Length: > 0 } client || RedirectUri(context, provider) is not { } redirect)
        {
            return FactorProblem.Of(Codes.FederationRequestInvalid, "Browsers cannot sign in through this provider: set its ClientId, and AgentGate:SignIn:PublicUrl.");
        }

        if (await limits.TryAddressAsync("oidc-start", ActOrigins.Address(context), context.RequestAborted) is { } wait)
        {
            return FactorProblem.Of(Codes.FactorLimited, "Too many sign-ins are begun from this address. Come again later.", retryAfter: wait);
        }

        var configuration = await provider.ReadAsync(context.RequestAborted);
        var (state, nonce, verifier, browser, now) = (IdentitySecrets.Create(ids), IdentitySecrets.Create(ids), IdentitySecrets.Create(ids), IdentitySecrets.Create(ids), time.GetUtcNow());
        var begun = new Begun(provider.Name, nonce, verifier, target, redirect, IdentitySecrets.DigestOf(browser));
        await records.AddAsync(
            new OneTimeRecord
            {
                Kind = Kind,
                SecretDigest = IdentitySecrets.DigestOf(state),
                Tenant = IdentityActs.SystemTenant,
                Content = JsonSerializer.Serialize(begun),
                CreatedAt = now,
                ExpiresAt = now + s_goodFor,
            },
            context.RequestAborted);
        OidcCookie.Write(context, browser, s_goodFor);
        return TypedResults.Redirect(QueryHelpers.AddQueryString(configuration.AuthorizationEndpoint, new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["response_type"] = "code",
            ["client_id"] = client,
            ["redirect_uri"] = redirect,
            ["scope"] = "openid " + provider.Options.Scopes,
            ["state"] = state,
            ["nonce"] = nonce,
            ["code_challenge"] = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(verifier))),
            ["code_challenge_method"] = "S256",
        }));
    }

    /// <summary>Takes the browser back.</summary>
    public async Task<IResult> FinishAsync(HttpContext context, OidcProvider provider)
    {
        var begun = await TakeAsync(context, provider);
        OidcCookie.Delete(context);
        if (begun is null)
        {
            return await RefuseAsync(context, Codes.FederationStateInvalid, "The sign-in was not begun in this browser, took too long, or was finished before. Begin again.");
        }

        var configuration = await provider.ReadAsync(context.RequestAborted);
        var issuer = One(context, "iss");

        // RFC 9207: which provider answers is said by the answer, so that one cannot answer for another.
        var named = issuer is not null || configuration.AuthorizationResponseIssParameterSupported;
        if (named && issuer != provider.Options.Issuer)
        {
            return await RefuseAsync(context, Codes.FederationStateInvalid, "Another provider answered than the one that was asked. Begin again.");
        }

        if (context.Request.Query.ContainsKey("error") || One(context, "code") is not { } code)
        {
            return await RefuseAsync(context, Codes.FederationRefused, "The provider, or its user, refused to sign in.");
        }

        if (await codes.ExchangeAsync(provider, code, begun.Verifier, begun.RedirectUri, context.RequestAborted) is not { } token)
        {
            return await RefuseAsync(context, Codes.FederationRefused, "The provider does not take the code it gave. Begin again.");
        }

        if (await tokens.ReadAsync(provider, token, provider.Options.ClientId!, begun.Nonce, context.RequestAborted) is not { } identity)
        {
            return await RefuseAsync(context, Codes.FederationTokenRefused, "The token of the provider is not good.");
        }

        var found = await users.FindAsync(context, provider, identity);
        if (found is not { Code: null, User: { } user })
        {
            return await RefuseAsync(context, found.Code!, found.Detail!, found.User);
        }

        var result = await completion.CompleteAsync(
            context, user, identity.Assurance, ["fed", .. identity.Methods.Take(8)], cookie: true, provider.Name, provider.Name, scopes: found.Scopes, provedAt: identity.ProvedAt);
        return result is null ? SignInCompletion.Answer(result) : new Arrived(begun.ReturnUrl);
    }

    private static string? One(HttpContext context, string name)
        => context.Request.Query[name] is [{ Length: > 0 and <= ParameterMax } text] ? text : null;

    private async Task<Begun?> TakeAsync(HttpContext context, OidcProvider provider)
    {
        var (state, browser) = (One(context, "state"), OidcCookie.Read(context.Request));
        if (!IdentitySecrets.IsOne(state) || !IdentitySecrets.IsOne(browser)
            || await records.TakeAsync(Kind, state!, time.GetUtcNow(), context.RequestAborted) is not { } record)
        {
            return null;
        }

        var begun = JsonSerializer.Deserialize<Begun>(record.Content)!;
        return begun.Provider == provider.Name && IdentitySecrets.Same(begun.BrowserDigest, IdentitySecrets.DigestOf(browser!)) ? begun : null;
    }

    // Where the provider sends the browser is never taken from the request, except on this machine.
    private string? RedirectUri(HttpContext context, OidcProvider provider)
    {
        var own = options.Value.PublicUrl?.TrimEnd('/') ?? (context.Request.Host.Host is "localhost" or "127.0.0.1" or "[::1]" ? $"{context.Request.Scheme}://{context.Request.Host}" : null);
        return own is null ? null : $"{own}/api/auth/oidc/{provider.Name}/callback";
    }

    private async Task<IResult> RefuseAsync(HttpContext context, string code, string detail, User? user = null)
    {
        await failed.AddAsync(context, user?.Tenant ?? IdentityActs.SystemTenant, user?.Id ?? string.Empty, Action, code, user?.Email ?? string.Empty);
        return FactorProblem.Of(code, detail);
    }

    private sealed record Begun(string Provider, string Nonce, string Verifier, string ReturnUrl, string RedirectUri, string BrowserDigest);

    /// <summary>
    /// A page that goes on by itself. A redirect would still be part of the way from the other site, on which browsers do not send the cookie
    /// that was just set.
    /// </summary>
    private sealed class Arrived(string target) : IResult
    {
        public Task ExecuteAsync(HttpContext context)
        {
            context.Response.Headers["Refresh"] = "0; url=" + target;
            return SignInPages.WriteAsync(
                context, StatusCodes.Status200OK, null, $"<h1>Signed in</h1><p><a href=\"{HtmlEncoder.Default.Encode(target)}\">Go on</a></p>");
        }
    }
}
