using System.Net;
using System.Net.Sockets;
using System.Text;
using AgentGate.Pipeline;
using Microsoft.AspNetCore.Builder;

namespace AgentGate.Integration.Tests.Hosting;

/// <summary>A server behind a proxy on this machine that it trusts, so that a test can come from any address.</summary>
internal static class HardenedServer
{
    /// <summary>Starts one whose client carries a key with every scope.</summary>
    public static async Task<GatewayServer> StartAsync(
        IReadOnlyDictionary<string, string?>? settings = null, Action<WebApplicationBuilder>? customize = null, bool trusts = true, string environment = "Development")
    {
        var all = new Dictionary<string, string?>();
        if (trusts)
        {
            all["AgentGate:Proxies:Trusted:0"] = "127.0.0.1";
        }

        foreach (var (key, value) in settings ?? new Dictionary<string, string?>())
        {
            all[key] = value;
        }

        var server = await GatewayServer.StartAsync(customize, all, environment: environment);
        server.Http.DefaultRequestHeaders.Remove("Authorization");
        server.Http.DefaultRequestHeaders.Add("Authorization", "Bearer " + await server.CreateKeyAsync("operator", [.. Scopes.All]));
        return server;
    }

    /// <summary>Asks as from an address.</summary>
    public static async Task<HttpResponseMessage> FromAsync(this GatewayServer server, string? address, HttpMethod method, string path, HttpContent? content = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        if (address is not null)
        {
            request.Headers.Add("X-Forwarded-For", address);
        }

        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return await server.Http.SendAsync(request, TestContext.Current.CancellationToken);
    }

    public static string? Header(this HttpResponseMessage response, string name)
        => response.Headers.TryGetValues(name, out var values) || response.Content.Headers.TryGetValues(name, out values) ? string.Join(", ", values) : null;

    /// <summary>Sends bytes as they are and reads until the server closes.</summary>
    public static async Task<string> RawAsync(this GatewayServer server, string request)
    {
        var url = new Uri(server.Url);
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, url.Port, TestContext.Current.CancellationToken);
        await using var stream = new NetworkStream(socket);
        await stream.WriteAsync(Encoding.ASCII.GetBytes(request), TestContext.Current.CancellationToken);
        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync(TestContext.Current.CancellationToken);
    }
}
