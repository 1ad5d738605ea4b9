using AgentGate.Audit;
using AgentGate.Diagnostics;
using AgentGate.Pipeline;
using AgentGate.Server.Access;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace AgentGate.Server.Hosting;

/// <summary>Traces and metrics by OpenTelemetry: OTLP when OTEL_EXPORTER_OTLP_ENDPOINT is set, Prometheus at <c>/metrics</c>. Never prompt text.</summary>
internal static class TelemetryRegistration
{
    public static void AddTelemetry(this WebApplicationBuilder builder)
    {
        var telemetry = builder.Services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService("agentgate"))
            .WithMetrics(metrics => metrics
                .AddMeter(GateMetrics.SourceName, AuditMetrics.MeterName)
                .AddAspNetCoreInstrumentation()
                .AddRuntimeInstrumentation()
                .AddPrometheusExporter());
        if (builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"] is { Length: > 0 })
        {
            telemetry
                .WithTracing(traces => traces
                    .AddSource(GateMetrics.SourceName)
                    .AddAspNetCoreInstrumentation()
                    .AddOtlpExporter())
                .WithMetrics(metrics => metrics.AddOtlpExporter());
        }
    }

    /// <summary>Sends the log by OTLP beside the console, when OTEL_EXPORTER_OTLP_ENDPOINT is set.</summary>
    public static void AddLogExport(this WebApplicationBuilder builder)
    {
        if (builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"] is { Length: > 0 })
        {
            builder.Logging.AddOpenTelemetry(logs =>
            {
                logs.IncludeScopes = true;
                logs.AddOtlpExporter();
            });
        }
    }

    public static void MapTelemetry(this IEndpointRouteBuilder routes)
        => routes.MapPrometheusScrapingEndpoint("/metrics").RequireScope(Scopes.MetricsRead).RequireOperator();
}
