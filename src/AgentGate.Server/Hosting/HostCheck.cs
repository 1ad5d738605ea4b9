using System.Collections.Immutable;
using System.Net;
using AgentGate.Diagnostics;
using AgentGate.Kernel.Decisions;
using AgentGate.Server.Identity;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Options;

namespace AgentGate.Server.Hosting;

/// <summary>
/// Answers under the server's own names alone, so that no link is built from a Host header somebody made up and no page of another site
/// reaches a server on this machine under its own name (DNS rebinding). Probes of health ask by address and are let through.
/// </summary>
internal sealed partial class HostCheck(
    RequestDelegate next, IServer server, IOptions<HttpOptions> http, IOptions<SignInOptions> signIn, GateMetrics metrics, ILogger<HostCheck> logger)
{
    private static readonly string[] s_loopback = ["localhost", "127.0.0.1", "[::1]"];

    private readonly Lock _lock = new();
    private ImmutableHashSet<string>? _known;

    public Task InvokeAsync(HttpContext context)
    {
        var known = _known ?? Learn();
        if (known.IsEmpty || known.Contains(context.Request.Host.Host) || HealthPaths.Are(context.Request.Path))
        {
            return next(context);
        }

        metrics.Refusal("host", Codes.HostRefused);
        return Refusals.WriteAsync(
            context,
            new Denial(
                Codes.HostRefused,
                $"This server does not answer under the name in the Host header. Its operator names it in {HttpOptions.Section}:AllowedHosts or {SignInOptions.Section}:PublicUrl.",
                DenialKind.Invalid));
    }

    /// <summary>The names, once the server listens; none means any.</summary>
    private ImmutableHashSet<string> Learn()
    {
        lock (_lock)
        {
            if (_known is not null)
            {
                return _known;
            }

            var names = new List<string>(http.Value.AllowedHosts.Select(name => name.Contains(':', StringComparison.Ordinal) && name[0] != '[' ? $"[{name}]" : name));
            var configured = names.Count > 0;
            if (signIn.Value.PublicUrl is { Length: > 0 } text && Uri.TryCreate(text, UriKind.Absolute, out var url))
            {
                names.Add(url.Host);
                configured = true;
            }

            foreach (var address in server.Features.Get<IServerAddressesFeature>()?.Addresses ?? [])
            {
                var host = BindingAddress.Parse(address).Host;
                if (host is "*" or "+" or "" || (IPAddress.TryParse(host.Trim('[', ']'), out var ip) && (ip.Equals(IPAddress.Any) || ip.Equals(IPAddress.IPv6Any))))
                {
                    if (!configured)
                    {
                        Log.AnyHost(logger);
                        return _known = [];
                    }

                    continue;
                }

                names.Add(host);
                if (s_loopback.Contains(host, StringComparer.OrdinalIgnoreCase))
                {
                    names.AddRange(s_loopback);
                }
            }

            return _known = names.ToImmutableHashSet(StringComparer.OrdinalIgnoreCase);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(6609, LogLevel.Warning, Codes.AnyHostAnswered + ": the server listens on all addresses and answers under any name. Say its names: AgentGate:SignIn:PublicUrl or AgentGate:Http:AllowedHosts.")]
        public static partial void AnyHost(ILogger logger);
    }
}
