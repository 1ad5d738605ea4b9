using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace AgentGate.Benchmarks.Gateway;

/// <summary>How the benchmark's own servers listen and end.</summary>
internal static class Loopback
{
    public static void Listen(KestrelServerOptions kestrel, int port)
    {
        kestrel.AddServerHeader = false;
        kestrel.Listen(IPAddress.Loopback, port, listen => listen.Protocols = HttpProtocols.Http1);
    }

    /// <summary>Runs until standard input ends, which it does when the benchmark does.</summary>
    public static async Task RunWithInputAsync(WebApplication app)
    {
        await app.StartAsync();
        while (await Console.In.ReadLineAsync() is not null)
        {
        }

        Environment.Exit(0);
    }
}
