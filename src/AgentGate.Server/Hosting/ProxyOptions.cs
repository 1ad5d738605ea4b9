using System.Net;

namespace AgentGate.Server.Hosting;

/// <summary>Which proxies may say where requests come from. Section <c>AgentGate:Proxies</c>.</summary>
internal sealed class ProxyOptions
{
    public const string Section = "AgentGate:Proxies";

    /// <summary>Addresses and networks of proxies whose X-Forwarded-For and X-Forwarded-Proto count: 10.0.0.7, 10.1.0.0/16. Default none.</summary>
    public IList<string> Trusted { get; } = [];

    /// <summary>How many proxies stand in a row. Default 1.</summary>
    public int HopsMax { get; set; } = 1;

    /// <summary>The networks; an address is one of its own.</summary>
    public IReadOnlyList<IPNetwork> Networks() => [.. Trusted.Select(text => TryRead(text, out var network) ? network : default)];

    /// <summary>What cannot be used.</summary>
    public static IEnumerable<string> Faults(ProxyOptions options)
    {
        foreach (var text in options.Trusted.Where(text => !TryRead(text, out _)))
        {
            yield return $"{Section}:Trusted holds \"{text}\"; name addresses (10.0.0.7) or networks (10.1.0.0/16). A network of everybody trusts everybody and is refused.";
        }

        if (options.HopsMax is < 1 or > 10)
        {
            yield return $"{Section}:HopsMax must be between 1 and 10.";
        }
    }

    private static bool TryRead(string text, out IPNetwork network)
    {
        if (IPAddress.TryParse(text, out var address))
        {
            network = new IPNetwork(address, address.GetAddressBytes().Length * 8);
            return true;
        }

        return IPNetwork.TryParse(text, out network) && network.PrefixLength > 0;
    }
}
