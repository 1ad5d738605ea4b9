using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace AgentGate.Server.Playground;

/// <summary>Where this server answers, seen from itself.</summary>
internal sealed class OwnAddress(IServer server)
{
    /// <summary>The base address, on the loopback where the server listens on every interface; http before https.</summary>
    /// <exception cref="InvalidOperationException">The server does not listen.</exception>
    public Uri Find()
    {
        var addresses = server.Features.Get<IServerAddressesFeature>()?.Addresses ?? [];
        var chosen = addresses.OrderBy(address => address.StartsWith("https", StringComparison.OrdinalIgnoreCase)).FirstOrDefault()
            ?? throw new InvalidOperationException("The server listens on no address.");
        var parsed = BindingAddress.Parse(chosen);
        var host = parsed.Host is "0.0.0.0" or "*" or "+" ? "127.0.0.1" : parsed.Host is "[::]" ? "[::1]" : parsed.Host;
        return new Uri($"{parsed.Scheme}://{host}:{parsed.Port}/");
    }
}
