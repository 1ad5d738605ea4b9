using AgentGate.Threats.Behaviour;
using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;

namespace AgentGate.Server.Hosting;

/// <summary>What stands before every route, outermost first.</summary>
internal static class HttpHardening
{
    private static readonly TimeSpan s_bodyGrace = TimeSpan.FromSeconds(5);

    public static void AddHttpHardening(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        TrustedProxies.RefuseFrameworkSwitch(builder.Configuration);
        services.AddSingleton<TrustedProxies>();
        services.AddSingleton<ISparedAddresses>(provider => provider.GetRequiredService<TrustedProxies>());
        services.AddCors();
        services.AddSingleton<IConfigureOptions<CorsOptions>, CrossOrigin>();
        services.AddOptions<KestrelServerOptions>().Configure<IOptions<HttpOptions>>((kestrel, http) => Bound(kestrel.Limits, http.Value));

        // The same answer in every environment: a status, to which EmptyRefusals gives its document.
        services.Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = false);
        services.AddOptions<JsonOptions>().Configure<IOptions<HttpOptions>>((json, http) => json.SerializerOptions.MaxDepth = http.Value.JsonDepthMax);
    }

    public static void UseHttpHardening(this WebApplication app)
    {
        app.UseMiddleware<RequestIds>();
        app.UseMiddleware<SecurityHeaders>();
        app.UseExceptionHandler(new ExceptionHandlerOptions
        {
            ExceptionHandler = FailureAnswers.WriteAsync,
            AllowStatusCode404Response = true,

            // Whoever sends what cannot be read must not fill the log.
            SuppressDiagnosticsCallback = static failed => failed.Exception is Microsoft.AspNetCore.Http.BadHttpRequestException,
        });
        TrustedProxies.Use(app);

        // Outside of what refuses, so that a page of an allowed origin may read why.
        app.UseCors(CrossOrigin.PolicyName);
        app.UseMiddleware<RequestBounds>();
        app.UseMiddleware<HostCheck>();
        app.UseMiddleware<AddressGate>();
        app.UseMiddleware<ApiTimeBound>();
        app.UseMiddleware<EmptyRefusals>();
    }

    /// <summary>Wider than the bounds of RequestBounds, so that what is a little too much gets a document, and what is far too much does not cost memory.</summary>
    private static void Bound(KestrelServerLimits limits, HttpOptions options)
    {
        limits.MaxRequestHeaderCount = HttpOptions.HeadersHardMax;
        limits.MaxRequestHeadersTotalSize = HttpOptions.HeaderBytesHardMax;
        limits.MaxRequestLineSize = HttpOptions.TargetHardMax + 1024;
        limits.RequestHeadersTimeout = options.HeadersTimeout;
        limits.MinRequestBodyDataRate = new MinDataRate(options.BodyBytesPerSecondMin, s_bodyGrace);
    }
}
