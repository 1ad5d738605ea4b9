using System.Collections.Concurrent;
using System.Text;
using AgentGate.Kernel.Decisions;
using AgentGate.Pipeline;
using AgentGate.Providers;
using AgentGate.Server.Providers.Demo;
using AgentGate.Server.Providers.Upstream;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace AgentGate.Integration.Tests.Providers;

/// <summary>A fake upstream on loopback, and the transport in front of it.</summary>
internal sealed class UpstreamBench : IAsyncDisposable
{
    private readonly WebApplication _server;
    private readonly UpstreamClients _clients;
    private readonly ProviderDirectory _directory;
    private readonly ModelRouter _router;

    private UpstreamBench(WebApplication server, Action<ProviderOptions>? configure, ProviderKind kind, TimeProvider? time)
    {
        _server = server;
        var options = new ProvidersOptions();
        options.ByName["fake"] = new ProviderOptions { Kind = kind, BaseUrl = server.Urls.First() + (kind == ProviderKind.OpenAI ? "/v1" : ""), ApiKey = "sk-secret" };
        options.ByName["fake"].Models.Add("m");
        configure?.Invoke(options.ByName["fake"]);
        _directory = ProviderDirectory.Build(options, _ => null, development: true);
        _router = new ModelRouter(_directory);
        _clients = new UpstreamClients(new DemoHandler(Demo, TimeProvider.System));
        Transport = new UpstreamTransport(_directory, _clients, time ?? TimeProvider.System, NullLogger<UpstreamTransport>.Instance);
    }

    public DemoRecord Demo { get; } = new();

    public UpstreamTransport Transport { get; }

    public ConcurrentQueue<(string Path, Dictionary<string, string> Headers, string Body)> Seen { get; private init; } = new();

    public static async Task<UpstreamBench> StartAsync(
        RequestDelegate answer, Action<ProviderOptions>? configure = null, ProviderKind kind = ProviderKind.OpenAI, TimeProvider? time = null)
    {
        var seen = new ConcurrentQueue<(string, Dictionary<string, string>, string)>();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var server = builder.Build();
        server.Run(async context =>
        {
            var body = await new StreamReader(context.Request.Body).ReadToEndAsync();
            var headers = context.Request.Headers.ToDictionary(h => h.Key.ToLowerInvariant(), h => h.Value.ToString());
            seen.Enqueue((context.Request.Path + context.Request.QueryString, headers, body));
            await answer(context);
        });
        await server.StartAsync();
        return new UpstreamBench(server, configure, kind, time) { Seen = seen };
    }

    public ModelRoute Route(WireFormat format = WireFormat.OpenAIChat, string model = "m")
        => ((RouteResult.Found)_router.Resolve(model, format)).Route;

    public static Permit Permit(string body, params EffectTarget[] targets)
        => new("call-1", new BytesContent(Encoding.UTF8.GetBytes(body)), new byte[32], [.. targets]);

    public Task<UpstreamResponse> SendAsync(string body = "{}", UpstreamHeaders? headers = null, WireFormat format = WireFormat.OpenAIChat, CancellationToken cancellationToken = default)
    {
        var route = Route(format);
        return Transport.SendAsync(route, Permit(body, route.Target), headers ?? UpstreamHeaders.None, cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        _clients.Dispose();
        await _server.StopAsync(new CancellationToken(canceled: true));
        await _server.DisposeAsync();
    }
}
