using System.Net;

namespace AgentGate.Threats.Behaviour;

/// <summary>Says which addresses are never blocked: proxies through which everybody comes. Thread-safe.</summary>
internal interface ISparedAddresses
{
    /// <summary>Whether an address is never blocked.</summary>
    bool IsSpared(IPAddress address);
}
