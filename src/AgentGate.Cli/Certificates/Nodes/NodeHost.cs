using System.Buffers;
using System.Net;
using System.Text;
using System.Text.Json;
using AgentGate.Kernel.Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace AgentGate.Cli.Certificates.Nodes;

/// <summary>The HTTP side of a safety node. Input is bounded in size, in how many are judged at once and in how slowly it may come.</summary>
internal static class NodeHost
{
    /// <summary>How many requests are judged at once; others are told to come again.</summary>
    private const int AtOnceMax = 8;

    private static readonly TimeSpan s_bodyDeadline = TimeSpan.FromSeconds(10);

    public static WebApplication Build(NodeService service, IPEndPoint address)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = VoteRequest.LengthMax;
            kestrel.Limits.MaxConcurrentConnections = 64;
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
            kestrel.Listen(address);
        });
        var app = builder.Build();
        var places = new SemaphoreSlim(AtOnceMax, AtOnceMax);
        app.MapPost("/vote", context => VoteAsync(context, service, places));
        app.MapGet("/health", context => WriteAsync(context.Response, StatusCodes.Status200OK, "application/json", Health(service)));
        return app;
    }

    private static async Task VoteAsync(HttpContext context, NodeService service, SemaphoreSlim places)
    {
        // Read before a place is taken: who sends slowly keeps nobody from being judged.
        using var body = new MemoryStream();
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        deadline.CancelAfter(s_bodyDeadline);
        try
        {
            await context.Request.Body.CopyToAsync(body, deadline.Token);
        }
        catch (BadHttpRequestException refused)
        {
            await FailAsync(context.Response, refused.StatusCode, "The body is too large, or broke off.");
            return;
        }
        catch (OperationCanceledException) when (!context.RequestAborted.IsCancellationRequested)
        {
            await FailAsync(context.Response, StatusCodes.Status408RequestTimeout, "The body took too long to come.");
            return;
        }

        if (!places.Wait(0))
        {
            await FailAsync(context.Response, StatusCodes.Status503ServiceUnavailable, "The node judges as many requests as it may; come again.");
            return;
        }

        try
        {
            var (vote, fault) = service.Vote(body.GetBuffer().AsSpan(0, (int)body.Length));
            await (vote is null
                ? FailAsync(context.Response, StatusCodes.Status400BadRequest, fault!)
                : WriteAsync(context.Response, StatusCodes.Status200OK, "application/json", vote));
        }
        finally
        {
            places.Release();
        }
    }

    private static byte[] Health(NodeService service)
    {
        var output = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(output))
        {
            json.WriteStartObject();
            json.WriteString("status", "ok");
            json.WriteString("node_id", service.NodeId);
            json.WriteString("key_id", service.KeyId);
            json.WriteEndObject();
        }

        return output.WrittenSpan.ToArray();
    }

    private static Task FailAsync(HttpResponse response, int status, string why)
        => WriteAsync(response, status, "text/plain; charset=utf-8", Encoding.UTF8.GetBytes(why + "\n"));

    private static async Task WriteAsync(HttpResponse response, int status, string contentType, byte[] bytes)
    {
        response.StatusCode = status;
        response.ContentType = contentType;
        response.ContentLength = bytes.Length;
        response.Headers.CacheControl = "no-store";
        await response.Body.WriteAsync(bytes, CancellationToken.None);
    }
}
