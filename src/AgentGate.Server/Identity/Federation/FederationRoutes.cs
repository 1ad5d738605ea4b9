using System.Text.Encodings.Web;
using AgentGate.Diagnostics;
using AgentGate.Server.Access;
using AgentGate.Server.Identity.Device;
using AgentGate.Server.Identity.Factors;

namespace AgentGate.Server.Identity.Federation;

/// <summary>Signing in through another provider. Whatever that one does, the answer is a problem that says so, and never a failure of this server.</summary>
internal static class FederationRoutes
{
    public static void MapFederation(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/auth").WithTags("Federation");
        group.MapGet("/oidc/{provider}/start", (HttpContext context, OidcProviders providers, BrowserSignIn signIn, string provider) => WithAsync(context, providers, provider, signIn.StartAsync))
            .WithSummary("Sign a browser in through a provider.")
            .WithDescription("Sends the browser to the provider (authorization code, PKCE, state, nonce). return_url is a path on this server. With step_up=true the provider is told to ask anew, and has to say that it did. A browser is shown refusals as pages.")
            .Produces(StatusCodes.Status302Found).ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status502BadGateway);
        group.MapGet("/oidc/{provider}/callback", (HttpContext context, OidcProviders providers, BrowserSignIn signIn, string provider) => WithAsync(context, providers, provider, signIn.FinishAsync))
            .WithSummary("Take a browser back from a provider.")
            .WithDescription("Where the provider sends the browser. Sets the cookie of the session and goes on to return_url.")
            .Produces<string>(StatusCodes.Status200OK, "text/html").ProducesProblem(StatusCodes.Status401Unauthorized).ProducesProblem(StatusCodes.Status403Forbidden).ProducesProblem(StatusCodes.Status502BadGateway);
        group.MapPost("/exchange", ExchangeAsync)
            .WithSummary("Exchange a token of a provider for tokens of this server.")
            .WithDescription(
                "RFC 8693: a form or JSON with provider_token and provider_hint, or grant_type, subject_token and subject_token_type; scope holds the session to less. "
                + "The token has to be of the configured issuer and for the configured audience, and its person is found by the provider's name for it, the first time by a verified e-mail address.")
            .Reads<ExchangeRequest>().Produces<LoginResult>()
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status401Unauthorized).ProducesProblem(StatusCodes.Status403Forbidden).ProducesProblem(StatusCodes.Status502BadGateway);
    }

    private static async Task<IResult> WithAsync(HttpContext context, OidcProviders providers, string name, Func<HttpContext, OidcProvider, Task<IResult>> act)
    {
        var result = providers.Find(name) is { } provider
            ? await AnswerAsync(() => act(context, provider))
            : FactorProblem.Of(Codes.FederationUnknown, "There is no such identity provider here; GET /api/auth/providers names them.");

        // A person came with a browser; a document for programs tells them nothing.
        return result is ApiProblem refusal && PageDoor.IsBrowsing(context) ? new RefusedPage(refusal) : result;
    }

    /// <summary>A refusal for people: the same status, code and words.</summary>
    private sealed class RefusedPage(ApiProblem refusal) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext) => SignInPages.WriteAsync(
            httpContext,
            refusal.StatusCode!.Value,
            refusal.Code,
            $"<h1>You are not signed in</h1><p>{HtmlEncoder.Default.Encode(refusal.Detail)}</p><p><a href=\"/sign-in\">Back to the sign-in</a></p>");
    }

    private static async Task<IResult> ExchangeAsync(HttpContext context, TokenExchange exchange)
    {
        var (body, fault) = await OAuthBody.ReadAsync<ExchangeRequest>(context);
        return body is null ? FactorProblem.Of(Codes.FederationRequestInvalid, fault!, "body") : await AnswerAsync(() => exchange.ExchangeAsync(context, body));
    }

    private static async Task<IResult> AnswerAsync(Func<Task<IResult>> act)
    {
        try
        {
            return await act();
        }
        catch (ProviderUnreachableException)
        {
            return FactorProblem.Of(Codes.FederationUnreachable, "The identity provider cannot be reached, or does not answer as one. Try again later.");
        }
    }
}
