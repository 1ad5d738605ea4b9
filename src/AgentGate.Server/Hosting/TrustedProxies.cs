using System.Net;
using AgentGate.Diagnostics;
using AgentGate.Threats.Behaviour;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Options;
using IPNetwork = System.Net.IPNetwork;

namespace AgentGate.Server.Hosting;

/// <summary>
/// Takes the address of a client from X-Forwarded-For where a trusted proxy wrote it, and from nowhere else. The framework's own switch for
/// this trusts whoever connects, so it stops the start.
/// </summary>
internal sealed class TrustedProxies(IOptions<ProxyOptions> options) : ISparedAddresses
{
    private const string FrameworkSwitch = "ForwardedHeaders_Enabled";

    private readonly IReadOnlyList<IPNetwork> _networks = options.Value.Networks();

    public bool IsSpared(IPAddress address)
        => _networks.Any(network => network.Contains(address) || (address.IsIPv4MappedToIPv6 && network.Contains(address.MapToIPv4())));

    /// <summary>Refuses the framework's switch.</summary>
    /// <exception cref="InvalidOperationException">It is on.</exception>
    public static void RefuseFrameworkSwitch(IConfiguration configuration)
    {
        if (string.Equals(configuration[FrameworkSwitch], "true", StringComparison.OrdinalIgnoreCase))
        {
            throw new InvalidOperationException(
                $"{Codes.ConfigurationInvalid}: ASPNETCORE_FORWARDEDHEADERS_ENABLED believes whoever connects. Take it out and name the proxies: {ProxyOptions.Section}:Trusted:0=10.0.0.7.");
        }
    }

    /// <summary>Puts the middleware in, where proxies are trusted at all: with an empty list the framework's would trust everybody.</summary>
    public static void Use(WebApplication app)
    {
        var proxies = app.Services.GetRequiredService<IOptions<ProxyOptions>>().Value;
        if (proxies.Networks() is not { Count: > 0 } networks)
        {
            return;
        }

        var forwarded = new ForwardedHeadersOptions
        {
            ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto,
            ForwardLimit = proxies.HopsMax,
        };
        forwarded.KnownProxies.Clear();
        forwarded.KnownIPNetworks.Clear();
        foreach (var network in networks)
        {
            forwarded.KnownIPNetworks.Add(network);
        }

        app.UseForwardedHeaders(forwarded);
    }
}
