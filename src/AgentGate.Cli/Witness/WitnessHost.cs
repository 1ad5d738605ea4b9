using System.Net;
using System.Text;
using AgentGate.Kernel.Transparency;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace AgentGate.Cli.Witness;

/// <summary>The HTTP side of a witness (C2SP <c>tlog-witness</c>).</summary>
internal static class WitnessHost
{
    public static WebApplication Build(WitnessService service, IPEndPoint address)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = AddCheckpointRequest.LengthMax;
            kestrel.Limits.MaxConcurrentConnections = 1000;
            kestrel.Listen(address);
        });
        var app = builder.Build();
        app.MapPost("/add-checkpoint", async context =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body, context.RequestAborted);
            await WriteAsync(context.Response, await service.AddCheckpointAsync(body.GetBuffer().AsMemory(0, (int)body.Length), context.RequestAborted));
        });
        app.MapGet("/{hash:length(64)}/checkpoint", context => WriteAsync(context.Response, service.Checkpoint((string)context.Request.RouteValues["hash"]!)));
        return app;
    }

    private static async Task WriteAsync(HttpResponse response, WitnessAnswer answer)
    {
        var bytes = Encoding.UTF8.GetBytes(answer.Body);
        response.StatusCode = answer.Status;
        response.ContentType = answer.ContentType;
        response.ContentLength = bytes.Length;
        response.Headers.CacheControl = "no-store";
        await response.Body.WriteAsync(bytes, CancellationToken.None);
    }
}
