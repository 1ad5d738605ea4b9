using System.Net;
using System.Net.Sockets;

namespace AgentGate.Server.Access;

/// <summary>Connects to public addresses alone, for names that others chose.</summary>
internal static class PublicConnection
{
    /// <summary>Resolves once and connects to what was looked at: a name that changes its mind in between leads nowhere else.</summary>
    /// <param name="context">Where to.</param>
    /// <param name="refusal">What is said where no address is public.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="IOException">No address is public.</exception>
    public static async ValueTask<Stream> OpenAsync(SocketsHttpConnectionContext context, string refusal, CancellationToken cancellationToken)
    {
        var endpoint = context.DnsEndPoint;
        IPAddress[] addresses = IPAddress.TryParse(endpoint.Host.Trim('[', ']'), out var literal)
            ? [literal] : await Dns.GetHostAddressesAsync(endpoint.Host, cancellationToken);
        IPAddress[] open = [.. addresses.Where(PublicAddress.Is)];
        if (open.Length == 0)
        {
            throw new IOException(refusal);
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(open, endpoint.Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
