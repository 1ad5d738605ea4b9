using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using AgentGate.Diagnostics;
using AgentGate.Identity;
using AgentGate.Server.Access;
using AgentGate.Server.Identity.Factors;

namespace AgentGate.Server.Identity.Federation;

/// <summary>A token of a provider for tokens of this server (RFC 8693). The published names and those of the standard mean the same.</summary>
internal sealed record ExchangeRequest
{
    [JsonPropertyName("provider_token")]
    public string? ProviderToken { get; init; }

    /// <summary>The provider; without it, the one whose issuer the token names.</summary>
    [JsonPropertyName("provider_hint")]
    public string? ProviderHint { get; init; }

    [JsonPropertyName("grant_type")]
    public string? GrantType { get; init; }

    [JsonPropertyName("subject_token")]
    public string? SubjectToken { get; init; }

    [JsonPropertyName("subject_token_type")]
    public string? SubjectTokenType { get; init; }

    [JsonPropertyName("requested_token_type")]
    public string? RequestedTokenType { get; init; }

    /// <summary>Scopes the session is held to, separated by spaces; without them, all the user may do.</summary>
    [JsonPropertyName("scope")]
    public string? Scope { get; init; }

    /// <summary>Taken for the sake of older programs; nothing is decided by it.</summary>
    [JsonPropertyName("channel_id")]
    public string? ChannelId { get; init; }

    /// <summary>Taken for the sake of older programs; nothing is decided by it.</summary>
    [JsonPropertyName("agent_id")]
    public string? AgentId { get; init; }

    /// <summary>Taken for the sake of older programs; nothing is decided by it.</summary>
    [JsonPropertyName("trace_id")]
    public string? TraceId { get; init; }
}

/// <summary>Signs in who holds a token of a provider.</summary>
internal sealed class TokenExchange(
    OidcProviders providers, OidcTokens tokens, FederatedUsers users, SignInCompletion completion, FailedActs failed, FactorLimits limits)
{
    private const string Action = "auth.exchange";
    private const string GrantType = "urn:ietf:params:oauth:grant-type:token-exchange";
    private const string AccessToken = "urn:ietf:params:oauth:token-type:access_token";

    private static readonly string[] s_types = [AccessToken, "urn:ietf:params:oauth:token-type:id_token", "urn:ietf:params:oauth:token-type:jwt"];

    /// <summary>Exchanges the token, or says why not.</summary>
    public async Task<IResult> ExchangeAsync(HttpContext context, ExchangeRequest request)
    {
        var invalid = Fault(request);
        if (invalid is { } fault)
        {
            return FactorProblem.Of(Codes.FederationRequestInvalid, fault.Detail, fault.Field);
        }

        if (await limits.TryAddressAsync("token-exchange", ActOrigins.Address(context), context.RequestAborted) is { } wait)
        {
            await failed.AddAsync(context, IdentityActs.SystemTenant, string.Empty, Action, Codes.FactorLimited);
            return FactorProblem.Of(Codes.FactorLimited, "Too many tokens from this address. Come again later.", retryAfter: wait);
        }

        var token = request.ProviderToken ?? request.SubjectToken!;
        var provider = request.ProviderHint is { } hint ? providers.Find(hint) : providers.All.FirstOrDefault(one => one.Options.Issuer == tokens.IssuerOf(token));
        var audience = provider?.Options.Audience ?? provider?.Options.ClientId;
        if (provider is null || audience is null || await tokens.ReadAsync(provider, token, audience, nonce: null, context.RequestAborted) is not { } identity)
        {
            return await RefuseAsync(context, Codes.FederationTokenRefused, "The token of the provider is not good.");
        }

        var found = await users.FindAsync(context, provider, identity);
        if (found is not { Code: null, User: { } user })
        {
            return await RefuseAsync(context, found.Code!, found.Detail!, found.User);
        }

        var scopes = found.Scopes;
        if (request.Scope?.Split(' ', StringSplitOptions.RemoveEmptyEntries) is { Length: > 0 } asked)
        {
            var own = scopes.IsDefault ? Roles.ScopesOf(user.Role).AsEnumerable() : scopes;
            scopes = [.. asked.Distinct(StringComparer.Ordinal).Intersect(own, StringComparer.Ordinal)];
        }

        var result = await completion.CompleteAsync(
            context, user, identity.Assurance, ["fed", .. identity.Methods.Take(8)], cookie: false, "exchange " + provider.Name, provider.Name, scopes: scopes, provedAt: identity.ProvedAt);
        if (result is null)
        {
            return SignInCompletion.Answer(result);
        }

        var answer = JsonSerializer.SerializeToNode(result)!.AsObject();
        answer["issued_token_type"] = AccessToken;
        answer["scope"] = string.Join(' ', result.Scopes);
        context.Response.Headers.CacheControl = "no-store";
        return TypedResults.Ok<JsonNode>(answer);
    }

    private (string Detail, string Field)? Fault(ExchangeRequest request)
        => providers.All.Count == 0 ? ("Here nobody else signs people in: the identity mode is local.", "provider_token")
            : (request.ProviderToken is null) == (request.SubjectToken is null) ? ("Send provider_token, or subject_token, and one of them alone.", "provider_token")
            : request.GrantType is not (null or GrantType) ? ($"grant_type is {GrantType}.", "grant_type")
            : request.SubjectTokenType is { } type && !s_types.Contains(type, StringComparer.Ordinal) ? ("subject_token_type is the access_token, id_token or jwt of RFC 8693 §3.", "subject_token_type")
            : request.RequestedTokenType is not (null or AccessToken) ? ($"requested_token_type is {AccessToken}.", "requested_token_type")
            : request.ProviderHint is { } hint && providers.Find(hint) is null ? ($"provider_hint is one of {string.Join(", ", providers.All.Select(one => one.Name))}.", "provider_hint")
            : null;

    private async Task<IResult> RefuseAsync(HttpContext context, string code, string detail, User? user = null)
    {
        await failed.AddAsync(context, user?.Tenant ?? IdentityActs.SystemTenant, user?.Id ?? string.Empty, Action, code, user?.Email ?? string.Empty);
        return FactorProblem.Of(code, detail);
    }
}
