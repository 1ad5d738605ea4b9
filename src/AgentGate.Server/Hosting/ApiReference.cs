using System.IO.Compression;
using AgentGate.Dashboard;
using AgentGate.Pipeline;
using AgentGate.Server.Access;
using Scalar.AspNetCore;

namespace AgentGate.Server.Hosting;

/// <summary>The description of the API (OpenAPI) and the page that shows it (Scalar), which asks this server for all it needs and no other.</summary>
internal static class ApiReference
{
    private const string Page = "/docs/api-reference";

    /// <summary>Where 1.0 had it.</summary>
    private const string FormerPage = "/api/reference";
    private const string Script = Page + "/scalar.js";
    private const string Document = "/openapi.json";
    private const string Resource = "scalar.js";

    public static IServiceCollection AddApiReference(this IServiceCollection services)
        => services.AddOpenApi(options =>
        {
            options.AddDocumentTransformer<ApiSecurityTransformer>();
            options.AddOperationTransformer<ApiSecurityTransformer>();
            options.AddDocumentTransformer<ApiExampleTransformer>();
        });

    public static void MapApiReference(this WebApplication app)
    {
        var access = ApiReferenceAccessSetting.Read(app.Configuration, app.Environment.IsDevelopment());
        Guard(app.MapOpenApi(Document).ExcludeFromDescription(), access);
        Guard(app.MapGet(Page, WritePageAsync).ExcludeFromDescription(), access);
        Guard(app.MapGet(FormerPage, static () => TypedResults.Redirect(Page, permanent: true, preserveMethod: true)).ExcludeFromDescription(), access);
        var script = new Lazy<byte[]>(ReadScript);
        Guard(app.MapGet(Script, () => TypedResults.Bytes(script.Value, "text/javascript; charset=utf-8")).ExcludeFromDescription(), access);
    }

    private static void Guard<TBuilder>(TBuilder builder, ApiReferenceAccess access)
        where TBuilder : IEndpointConventionBuilder
    {
        switch (access)
        {
            case ApiReferenceAccess.Authenticated:
                builder.RequireCaller();
                break;
            case ApiReferenceAccess.Admin:
                builder.RequireScope(Scopes.ConfigUpdate);
                break;
            case ApiReferenceAccess.Public:
            default:
                break;
        }
    }

    private static Task WritePageAsync(HttpContext context)
    {
        var (nonce, response) = (PageNonce.Of(context), context.Response);
        response.ContentType = "text/html; charset=utf-8";

        // The page's program makes style elements as it goes, which no nonce reaches; it runs no text as a program.
        response.Headers.ContentSecurityPolicy =
            $"default-src 'none'; script-src 'nonce-{nonce}'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; connect-src 'self'; "
            + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
        return response.WriteAsync(
            $$"""
            <!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
            <title>AgentGate API</title></head><body><div id="app"></div>
            <script nonce="{{nonce}}" src="{{Script}}"></script>
            <script nonce="{{nonce}}">
              Scalar.createApiReference('#app', { url: '{{Document}}', withDefaultFonts: false, telemetry: false, agent: { disabled: true }, hideClientButton: true,
                persistAuth: false, showDeveloperTools: 'never' })
            </script></body></html>
            """,
            context.RequestAborted);
    }

    /// <summary>The page's program as the package brings it along, so that the one that was reviewed is the one that runs.</summary>
    private static byte[] ReadScript()
    {
        var assembly = typeof(ScalarOptions).Assembly;
        var name = Array.Find(assembly.GetManifestResourceNames(), one => one.EndsWith("." + Resource, StringComparison.Ordinal))
            ?? throw new InvalidOperationException($"The package of the API's page holds no {Resource}.");
        using var packed = assembly.GetManifestResourceStream(name)!;
        using var bytes = new MemoryStream();
        packed.CopyTo(bytes);
        if (bytes.Length < 2 || bytes.GetBuffer()[0] != 0x1f || bytes.GetBuffer()[1] != 0x8b)
        {
            return bytes.ToArray();
        }

        bytes.Position = 0;
        using var unpacked = new MemoryStream();
        using var gzip = new GZipStream(bytes, CompressionMode.Decompress);
        gzip.CopyTo(unpacked);
        return unpacked.ToArray();
    }
}
