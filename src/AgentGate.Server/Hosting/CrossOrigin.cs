using AgentGate.Server.Gateway;
using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.Extensions.Options;

namespace AgentGate.Server.Hosting;

/// <summary>
/// Which other origins' pages may use the API, by configuration. Their requests bring keys and access tokens, never cookies: credentials are
/// allowed to nobody, so that "*" cannot be combined with them either.
/// </summary>
internal sealed class CrossOrigin(IOptions<HttpOptions> http, IHostEnvironment environment) : IConfigureOptions<CorsOptions>
{
    public const string PolicyName = "configured";

    private static readonly string[] s_development = ["http://localhost:3000", "http://127.0.0.1:3000"];

    public void Configure(CorsOptions options)
    {
        string[] origins = [.. http.Value.AllowedOrigins];
        if (origins.Length == 0 && environment.IsDevelopment())
        {
            origins = s_development;
        }

        options.AddPolicy(
            PolicyName,
            policy => (origins.Contains("*") ? policy.AllowAnyOrigin() : policy.WithOrigins(origins))
                .WithMethods("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
                .WithHeaders("Accept", "Authorization", "Content-Type", "X-Api-Key", "anthropic-version", RequestIds.Header)
                .WithExposedHeaders(
                    RequestIds.Header, RateLimitHeaders.Policy, RateLimitHeaders.State, "Retry-After", "WWW-Authenticate", AnswerWriter.CodeHeader, AnswerWriter.CallHeader, AnswerWriter.DecisionHeader)
                .DisallowCredentials()
                .SetPreflightMaxAge(TimeSpan.FromMinutes(10)));
    }
}
