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
/// begun is kept for all servers, good once, for ten minutes, and for the browser alone that began it. Who is signed in already and has to prove
/// itself anew does so there: the provider is told to ask, and has to say when it did.
/// </summary>
internal sealed class BrowserSignIn(
    OidcTokens tokens, OidcCodeExchange codes, FederatedUsers users, SignIns signIns, SignInCompletion completion, FailedActs failed, FactorLimits limits,
    IOneTimeRecords records, IIdSource ids, TimeProvider time, IOptions<SignInOptions> options)
{
    private const string Kind = "oidc-state";
    private const string Action = "auth.sign-in";
    private const int ParameterMax = 4096;

    private static readonly TimeSpan s_goodFor = TimeSpan.FromMinutes(10);

    /// <summary>How far the clock of a provider may be behind.</summary>
    private static readonly TimeSpan s_skew = TimeSpan.FromSeconds(60);

    /// <summary>Sends the browser to the provider.</summary>
    public async Task<IResult> StartAsync(HttpContext context, OidcProvider provider)
    {
        var asked = context.Request.Query["return_url"];
        var target = asked.Count == 0 ? LocalUrl.Default : asked[0]!;
        if (asked.Count > 1 || !LocalUrl.IsOne(target))
        {
            return FactorProblem.Of(Codes.FederationRequestInvalid, "`return_url` is a path on this server, for example /playground.", "return_url");
        }

        var wanted = context.Request.Query["step_up"];
        if (wanted.Count > 1 || (wanted.Count == 1 && wanted[0] is not ("true" or "false")))
        {
            return FactorProblem.Of(Codes.FederationRequestInvalid, "`step_up` is true or false.", "step_up");
        }

        // On the way back from the other site the browser does not send this cookie: the session it names is noted now, and ends then.
        var former = await signIns.FindByCookieAsync(SignInCookie.Read(context.Request), context.RequestAborted);
        var proving = wanted == "true" ? former : null;
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
        var begun = new Begun(provider.Name, nonce, verifier, target, redirect, IdentitySecrets.DigestOf(browser), wanted == "true" ? now : null, proving?.User.Id, former?.Session.Id);
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
        var asks = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["response_type"] = "code",
            ["client_id"] = client,
            ["redirect_uri"] = redirect,
            ["scope"] = "openid " + provider.Options.Scopes,
            ["state"] = state,
            ["nonce"] = nonce,
            ["code_challenge"] = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(verifier))),
            ["code_challenge_method"] = "S256",
        };
        if (begun.ProofSince is not null)
        {
            // OpenID Connect Core 1.0 §3.1.2.1: asks again, whoever is signed in there, and says in auth_time when that was.
            (asks["prompt"], asks["max_age"]) = ("login", "0");
        }

        return TypedResults.Redirect(QueryHelpers.AddQueryString(configuration.AuthorizationEndpoint, asks));
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

        // A provider that does not say when, or says that it was before, has not asked: its word of then is no proof of now.
        if (begun.ProofSince is { } since && identity.ProvedAt < since - s_skew)
        {
            return await RefuseAsync(context, Codes.FederationProofOld, "The provider did not ask for a proof of now, or does not say when it did (auth_time). Use a passkey or a second factor of this server.");
        }

        var found = await users.FindAsync(context, provider, identity);
        if (found is not { Code: null, User: { } user })
        {
            return await RefuseAsync(context, found.Code!, found.Detail!, found.User);
        }

        if (begun.ProvingId is { } proving && proving != user.Id)
        {
            return await RefuseAsync(context, Codes.FederationProofOld, "Somebody else proved who they are than who was to. Sign in as yourself there, and begin again.", user);
        }

        var result = await completion.CompleteAsync(
            context, user, identity.Assurance, ["fed", .. identity.Methods.Take(8)], cookie: true, provider.Name, provider.Name, scopes: found.Scopes, provedAt: identity.ProvedAt);
        if (result is null)
        {
            return SignInCompletion.Answer(result);
        }

        if (begun.FormerId is { } former && await signIns.FindAsync(former, context.RequestAborted) is { } before)
        {
            await signIns.EndAsync(before.Session, SignInEndings.SignedOut, context.RequestAborted);
        }

        return new Arrived(begun.ReturnUrl);
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

    private sealed record Begun(string Provider, string Nonce, string Verifier, string ReturnUrl, string RedirectUri, string BrowserDigest, DateTimeOffset? ProofSince, string? ProvingId, string? FormerId);

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
