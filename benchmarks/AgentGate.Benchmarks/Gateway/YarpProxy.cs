using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Yarp.ReverseProxy.Configuration;

namespace AgentGate.Benchmarks.Gateway;

/// <summary>The role <c>yarp</c>: a bare pass-through, nothing looked at, nothing recorded.</summary>
internal static class YarpProxy
{
    public static async Task RunAsync(int port, int upstream)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => Loopback.Listen(kestrel, port));
        builder.Services.AddRouting();
        builder.Services.AddReverseProxy().LoadFromMemory(
            [new RouteConfig { RouteId = "all", ClusterId = "mock", Match = new RouteMatch { Path = "{**rest}" } }],
            [
                new ClusterConfig
                {
                    ClusterId = "mock",
                    Destinations = new Dictionary<string, DestinationConfig>
                    {
                        ["mock"] = new() { Address = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{upstream}/") },
                    },
                },
            ]);
        await using var app = builder.Build();
        app.UseRouting();
        app.MapReverseProxy();
        await Loopback.RunWithInputAsync(app);
    }
}
