using System.Globalization;
#pragma warning disable IDE0005 // Implicit in a web project; the tests, which compile this file too, are none.
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
#pragma warning restore IDE0005
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.LoadBalancing;

namespace LocalCluster;

/// <summary>
/// A load balancer before several servers: calls go round, streams pass unbuffered, a server that does not answer gets none.
/// Pages hold their state in one server, so they all go to the first that is there.
/// </summary>
internal static class RoundRobinProxy
{
    private const string Calls = "calls";
    private const string Pages = "pages";

    /// <summary>What programs ask for; everything else are pages and their files.</summary>
    private static readonly string[] s_calls = ["/v1/{**rest}", "/v1beta/{**rest}", "/api/{**rest}", "/health/{**rest}", "/tlog/{**rest}", "/.well-known/{**rest}", "/metrics"];

    /// <summary>Starts it.</summary>
    /// <param name="url">Where it listens.</param>
    /// <param name="servers">The servers' addresses.</param>
    public static async Task<WebApplication> StartAsync(string url, params IReadOnlyList<string> servers)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = [] });
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(url);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            // Bounds are the servers'.
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Limits.MinRequestBodyDataRate = null;
            kestrel.Limits.MinResponseDataRate = null;
        });
        builder.Services.AddReverseProxy().LoadFromMemory(Routes(), [Cluster(Calls, LoadBalancingPolicies.RoundRobin, servers), Cluster(Pages, LoadBalancingPolicies.FirstAlphabetical, servers)]);
        var app = builder.Build();
        app.MapReverseProxy();
        await app.StartAsync();
        return app;
    }

    private static List<RouteConfig> Routes()
    {
        // Links are made by the server whose pages open them.
        List<RouteConfig> routes = [Route("links", Pages, "/api/sign-in-links", 0)];
        routes.AddRange(s_calls.Select((path, i) => Route(string.Create(CultureInfo.InvariantCulture, $"calls-{i}"), Calls, path, 1)));
        routes.Add(Route("pages", Pages, "{**rest}", 2));
        return routes;
    }

    private static RouteConfig Route(string id, string cluster, string path, int order) => new()
    {
        RouteId = id,
        ClusterId = cluster,
        Order = order,
        Match = new RouteMatch { Path = path },

        // Servers compare it with where a page came from, and put it into links.
        Transforms = [new Dictionary<string, string> { ["RequestHeaderOriginalHost"] = "true" }],
    };

    private static ClusterConfig Cluster(string id, string policy, IReadOnlyList<string> servers) => new()
    {
        ClusterId = id,
        LoadBalancingPolicy = policy,
        HttpRequest = new() { ActivityTimeout = TimeSpan.FromMinutes(30), AllowResponseBuffering = false },
        HealthCheck = new()
        {
            Active = new()
            {
                Enabled = true,
                Interval = TimeSpan.FromMilliseconds(500),
                Timeout = TimeSpan.FromSeconds(2),
                Policy = "ConsecutiveFailures",
                Path = "/health/ready",
            },
        },
        Metadata = new Dictionary<string, string> { ["ConsecutiveFailuresHealthPolicy.Threshold"] = "1" },
        Destinations = servers.Select((server, i) => (Name: string.Create(CultureInfo.InvariantCulture, $"server-{i + 1}"), server))
            .ToDictionary(server => server.Name, server => new DestinationConfig { Address = server.server }),
    };
}
