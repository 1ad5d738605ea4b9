using AgentGate.Pipeline;

namespace AgentGate.Server.Access;

/// <summary>Where a request came from. Forwarded headers count only where a trusted proxy set them; the middleware for that ran before.</summary>
internal static class ActOrigins
{
    private const int UserAgentMax = 256;

    public static ActOrigin Of(HttpContext context)
    {
        var agent = context.Request.Headers.UserAgent.ToString();
        return new ActOrigin(
            Address(context),
            string.Concat((agent.Length > UserAgentMax ? agent[..UserAgentMax] : agent).Select(static c => char.IsControl(c) || char.IsSurrogate(c) ? ' ' : c)));
    }

    /// <summary>The address alone; IPv4 inside IPv6 as IPv4, so that it is one.</summary>
    public static string Address(HttpContext context)
        => context.Connection.RemoteIpAddress is { } address ? (address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address).ToString() : "unknown";
}
