using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace AgentGate.Integration.Tests.Alerts;

/// <summary>A receiver of webhooks that can be down, and that verifies what it gets by itself.</summary>
internal sealed class AlertReceiver : IAsyncDisposable
{
    public const string Secret = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";

    private readonly WebApplication _app;
    private readonly SemaphoreSlim _arrived = new(0);

    private AlertReceiver(WebApplication app) => _app = app;

    public string Url => _app.Urls.First();

    /// <summary>What it answers.</summary>
    public int Status { get; set; } = 204;

    /// <summary>When it wants to be asked again.</summary>
    public string? RetryAfter { get; set; }

    public ConcurrentQueue<Message> Messages { get; } = new();

    public static async Task<AlertReceiver> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var receiver = new AlertReceiver(app);
        app.MapPost("/{**path}", receiver.TakeAsync);
        await app.StartAsync();
        return receiver;
    }

    /// <summary>Waits for the next message.</summary>
    public async Task<Message> NextAsync(CancellationToken stop)
    {
        await _arrived.WaitAsync(stop);
        return Messages.TryDequeue(out var message) ? message : throw new InvalidOperationException("Nothing arrived.");
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
        _arrived.Dispose();
    }

    private async Task TakeAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body, Encoding.UTF8);
        Messages.Enqueue(new Message(
            context.Request.Path,
            await reader.ReadToEndAsync(),
            context.Request.Headers["webhook-id"].ToString(),
            context.Request.Headers["webhook-timestamp"].ToString(),
            context.Request.Headers["webhook-signature"].ToString(),
            context.Request.Headers["X-Team"].ToString()));
        context.Response.StatusCode = Status;
        context.Response.Headers.RetryAfter = RetryAfter;
        _arrived.Release();
    }

    /// <summary>What arrived.</summary>
    public sealed record Message(string Path, string Body, string Id, string Timestamp, string Signature, string Team)
    {
        /// <summary>Verifies the signature with nothing but the scheme's text and the platform's HMAC.</summary>
        public bool IsSigned(DateTimeOffset now)
        {
            var age = now.ToUnixTimeSeconds() - long.Parse(Timestamp, CultureInfo.InvariantCulture);
            var expected = HMACSHA256.HashData(Convert.FromBase64String(Secret["whsec_".Length..]), Encoding.UTF8.GetBytes($"{Id}.{Timestamp}.{Body}"));
            return Math.Abs(age) < 300 && Signature.Split(' ').Any(one => one.Split(',') is ["v1", var text] && CryptographicOperations.FixedTimeEquals(Convert.FromBase64String(text), expected));
        }
    }
}
