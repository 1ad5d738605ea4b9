using System.Globalization;
using AgentGate.Diagnostics;
using AgentGate.Server.Access;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace AgentGate.Server.Hosting;

/// <summary>Says in the API's description what each endpoint says of itself: who may use it, with what, what it reads, and how it refuses.</summary>
internal sealed class ApiSecurityTransformer : IOpenApiDocumentTransformer, IOpenApiOperationTransformer
{
    private const string Key = "key";
    private const string Token = "token";
    private const string Cookie = "cookie";

    public Task TransformAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        document.Info = new OpenApiInfo
        {
            Title = "AgentGate",
            Version = typeof(ApiSecurityTransformer).Assembly.GetName().Version?.ToString(3) ?? "0",
            Description = "Decisions about what AI agents do, and the proof of them. Refusals are problem documents (RFC 9457) with a code; docs/diagnostics.md explains each.",
        };
        document.Servers = [];
        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>(StringComparer.Ordinal)
        {
            [Key] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer", BearerFormat = "ag_…", Description = "An API key." },
            [Token] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer", BearerFormat = "JWT", Description = "An access token of a user who signed in." },
            [Cookie] = new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.ApiKey, In = ParameterLocation.Cookie, Name = "__Host-agentgate_pages",
                Description = "The cookie of a browser. What changes something carries X-AgentGate-CSRF beside it.",
            },
        };
        return Task.CompletedTask;
    }

    public async Task TransformAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        T? Of<T>()
            where T : class
            => metadata.OfType<T>().LastOrDefault();
        var (scope, caller, stepUp) = (Of<ScopeRequirement>()?.Scope, Of<CallerRequirement>(), Of<StepUpRequirement>());
        if (Of<BodyShape>() is { } body)
        {
            operation.RequestBody = new OpenApiRequestBody
            {
                Required = true,
                Content = new Dictionary<string, OpenApiMediaType>(StringComparer.Ordinal)
                {
                    ["application/json"] = new() { Schema = await context.GetOrCreateSchemaAsync(body.Type, null, cancellationToken) },
                },
            };
        }

        operation.Responses ??= [];
        if (scope is not null || caller is not null)
        {
            var onlyUsers = caller?.UserOnly is true || stepUp is { KeysPass: false };
            operation.Security = [];
            foreach (var scheme in onlyUsers ? (string[])[Token, Cookie] : [Key, Token, Cookie])
            {
                operation.Security.Add(new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(scheme, context.Document)] = scope is null ? [] : [scope] });
            }

            operation.Description ??= (scope is null ? "For whoever is authenticated" : $"Needs `{scope}`") + (onlyUsers ? ", for a signed-in user" : string.Empty)
                + (stepUp is null ? "." : stepUp.KeysPass ? $"; a signed-in user has to have proved itself in the last {(int)stepUp.MaxAge.TotalMinutes} minutes."
                    : $", who proved itself in the last {(int)stepUp.MaxAge.TotalMinutes} minutes.");
            var problem = await context.GetOrCreateSchemaAsync(typeof(ProblemDetails), null, cancellationToken);
            Refuses(StatusCodes.Status401Unauthorized, Codes.KeyInvalid, "Nobody is known by the credential" + (stepUp is null ? "." : ", or the proof is too old."));
            Refuses(StatusCodes.Status403Forbidden, Codes.KeyScopeMissing, "The caller may not.");

            void Refuses(int status, string code, string why)
                => operation.Responses.TryAdd(status.ToString(CultureInfo.InvariantCulture), new OpenApiResponse
                {
                    Description = why,
                    Content = new Dictionary<string, OpenApiMediaType>(StringComparer.Ordinal)
                    {
                        ["application/problem+json"] = new() { Schema = problem, Example = ApiExampleTransformer.Problem(status, code, why) },
                    },
                });
        }
        else
        {
            operation.Security = [];
        }

        if (Of<ApiExample>() is { } example)
        {
            ApiExampleTransformer.Set(operation, example);
        }
    }
}
